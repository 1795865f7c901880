import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { hubOutagePolicySchema } from '../contract/hub-protocol.ts';
import { err, ok, type Result } from '../contract/result.ts';

const MAX_PEM_BYTES = 1_000_000;
const pathSchema = z.string().min(1).max(500);

/** An address on the network that is trusted by certificate only. */
const httpsSchema = z
  .url({ protocol: /^https$/ })
  .max(500)
  .refine((url) => new URL(url).username === '' && new URL(url).search === '', 'an address without a name or a query');

/** PEM files of this lane's certificate and of the authority that signed the other end's: that one and no other. */
export const tlsFilesSchema = z.strictObject({
  ca: pathSchema,
  cert: pathSchema,
  key: pathSchema,
  /** The name in the other end's certificate, where it is not the host of the address. */
  serverName: z.string().min(1).max(253).nullable().default(null),
});
export type TlsFiles = z.infer<typeof tlsFilesSchema>;

export const controlSettingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('embedded'), rules: pathSchema }),
  z.strictObject({ kind: z.literal('remote'), url: httpsSchema, tls: tlsFilesSchema }),
]);
export type ControlSetting = z.infer<typeof controlSettingSchema>;

/** Where the joint record has its home: in the lane's own file, or at the port's hub. */
export const homeSettingSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('lane') }),
    z.strictObject({
      kind: z.literal('hub'),
      /** Every hub of the port, the preferred one first. */
      urls: z.array(httpsSchema).min(1).max(8),
      tls: tlsFilesSchema,
      whenGone: hubOutagePolicySchema.default('failClosed'),
      /** Between two looks whether a hub answers again. Milliseconds. */
      probe: z.int().min(100).max(600_000).default(2_000),
    }),
  ])
  .prefault({ kind: 'lane' });
export type HomeSetting = z.infer<typeof homeSettingSchema>;

export interface TlsMaterial {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly serverName?: string;
}

export function readTls(files: TlsFiles): Result<TlsMaterial, { readonly code: string; readonly detail: string }> {
  try {
    const read = (path: string): string => {
      if (statSync(path).size > MAX_PEM_BYTES) throw new Error(`${path} is too large`);
      return readFileSync(path, 'utf8');
    };
    const { ca, cert, key, serverName } = files;
    const pem = { ca: read(ca), cert: read(cert), key: read(key) };
    return ok(serverName === null ? pem : { ...pem, serverName });
  } catch (cause) {
    return err({ code: 'certificateUnreadable', detail: cause instanceof Error ? cause.message : String(cause) });
  }
}

type Absolute = (path: string) => string;

export function controlFrom(setting: ControlSetting, absolute: Absolute): ControlSetting {
  return setting.kind === 'embedded'
    ? { ...setting, rules: absolute(setting.rules) }
    : { ...setting, tls: tlsFrom(setting.tls, absolute) };
}

export function homeFrom(setting: HomeSetting, absolute: Absolute): HomeSetting {
  return setting.kind === 'lane' ? setting : { ...setting, tls: tlsFrom(setting.tls, absolute) };
}

function tlsFrom({ ca, cert, key, serverName }: TlsFiles, absolute: Absolute): TlsFiles {
  return { ca: absolute(ca), cert: absolute(cert), key: absolute(key), serverName };
}
