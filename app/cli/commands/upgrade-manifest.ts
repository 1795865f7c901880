import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { err, ok, type Result } from '../../contract/result.ts';
import { canonicalBytes } from '../../crypto/canonical-json.ts';
import { keyIdOf } from '../../crypto/raw-keys.ts';
import { type SigningKey, verifySignature } from '../../crypto/signing.ts';

/** Lies in a package's folder, or beside a package that is one file as `FILE.release.json`. */
export const RELEASE_FILE = 'release.json';
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 20_000;
const DOMAIN = 'jointgate-release/1';

const pathInsideSchema = z
  .string()
  .min(1)
  .max(400)
  .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'a path inside the package');

export const versionSchema = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/, 'three numbers: 1.2.3');

const contentSchema = z.strictObject({
  schema: z.literal(DOMAIN),
  name: z.literal('jointgate'),
  version: versionSchema,
  files: z
    .array(
      z.strictObject({ path: pathInsideSchema, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    )
    .min(1)
    .max(MAX_FILES),
});
export type ReleaseContent = z.infer<typeof contentSchema>;

const releaseSchema = z.strictObject({
  content: contentSchema,
  /** Ed25519 over the canonical content (RFC 8785), base64url; null: nobody answers for it. */
  signature: z.strictObject({ keyId: z.string().max(64), value: z.string().max(128) }).nullable(),
});
export type Release = z.infer<typeof releaseSchema>;

export type ReleaseError =
  | { readonly code: 'releaseUnreadable'; readonly detail: string }
  | { readonly code: 'releaseUnsigned' }
  /** Signed by a key that this lane does not trust, or the content was changed after signing. */
  | { readonly code: 'releaseForged'; readonly keyId: string };

export function signRelease(content: ReleaseContent, key: SigningKey | null): Release {
  return {
    content,
    signature: key === null ? null : { keyId: key.keyId, value: key.sign(signedBytes(content)) },
  };
}

/** The content only when one of the trusted keys (raw Ed25519, base64url) has signed exactly it. */
export function openRelease(path: string, trusted: readonly string[]): Result<ReleaseContent, ReleaseError> {
  let raw: unknown;
  try {
    if (statSync(path).size > MAX_MANIFEST_BYTES)
      return err({ code: 'releaseUnreadable', detail: 'larger than 4 MiB' });
    raw = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    return err({ code: 'releaseUnreadable', detail: cause instanceof Error ? cause.message : String(cause) });
  }
  const parsed = releaseSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return err({ code: 'releaseUnreadable', detail: `${issue?.path.join('.')}: ${issue?.message}` });
  }
  const { content, signature } = parsed.data;
  if (signature === null) return err({ code: 'releaseUnsigned' });
  const key = trusted.find((raw) => keyIdOf(raw) === signature.keyId);
  return key !== undefined && verifySignature(key, signedBytes(content), signature.value)
    ? ok(content)
    : err({ code: 'releaseForged', keyId: signature.keyId });
}

function signedBytes(content: ReleaseContent): Uint8Array {
  return canonicalBytes(content);
}

/** Negative, 0 or positive, as a sort wants it. Both of `versionSchema`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const index = left.findIndex((part, i) => part !== right[i]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
