import { z } from 'zod';
import { base64UrlSchema } from '../../contract/control-protocol.ts';
import type { PublicKey } from '../clearance-check.ts';

const publicKeySchema = z.strictObject({ keyId: z.string().min(1).max(64), raw: base64UrlSchema.length(43) });
const ringSchema = z.array(publicKeySchema).max(100);

/** The `--keys` file: every public key that has ever counted, by role. It must come from elsewhere than the lane's disk. */
export const keyRingSchema = z.strictObject({ lane: ringSchema.min(1), exit: ringSchema, entry: ringSchema });
export type KeyRing = z.infer<typeof keyRingSchema>;

export function findKey(keys: readonly PublicKey[], keyId: string): PublicKey | undefined {
  return keys.find((key) => key.keyId === keyId);
}
