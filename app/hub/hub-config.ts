import { z } from 'zod';
import { base64UrlSchema } from '../contract/control-protocol.ts';

const pathSchema = z.string().min(1).max(500);
const placeSchema = z.strictObject({ host: z.string().min(1).max(255), port: z.int().min(0).max(65_535) });
const keysSchema = z
  .array(z.strictObject({ keyId: z.string().min(1).max(64), raw: base64UrlSchema.length(43) }))
  .max(1_000);

/** `hub.json`: where a hub serves and with which keys. Relative paths are taken from the file's folder. No secret stands in it. */
export const hubConfigSchema = z.strictObject({
  version: z.literal(1),
  /** Keys and what else the hub keeps beside the database (`keys/port-signing.pem`, `keys/officer-pins.hex`). */
  dataFolder: pathSchema,
  lanes: placeSchema,
  console: z.strictObject({ ...placeSchema.shape, pages: pathSchema.nullable().default(null) }).nullable(),
  tls: z.strictObject({ cert: pathSchema, key: pathSchema, laneCa: pathSchema }),
  /** Public keys that the controls of this port's lanes sign with, as `jointgate control` and `jointgate setup keys` print them. */
  controlKeys: z.strictObject({ exit: keysSchema, entry: keysSchema }),
  /** Whole days that ended crossings are kept at the port. */
  keepDays: z.int().min(1).max(3_650).default(30),
  /** File with the connection string of PostgreSQL, mode 0600; else JOINTGATE_DATABASE_URL, else `--database`. */
  databaseFile: pathSchema.nullable().default(null),
});
export type HubConfig = z.infer<typeof hubConfigSchema>;
