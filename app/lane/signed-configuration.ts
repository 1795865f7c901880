import { lstatSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../contract/result.ts';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/digest.ts';
import { readPublicKeys } from '../crypto/public-keys.ts';
import { keyIdOf } from '../crypto/raw-keys.ts';
import { type SigningKey, verifySignature } from '../crypto/signing.ts';
import type { LaneProfile } from './lane-profile.ts';

/** Lies beside the lane profile. */
const SUFFIX = '.signature.json';
const MAX_BYTES = 64 * 1024;
const DOMAIN = 'jointgate-configuration/1';

const signatureFileSchema = z.strictObject({
  content: z.strictObject({
    schema: z.literal(DOMAIN),
    signedAt: z.iso.datetime(),
    /** Path from the profile's folder to the SHA-256 of the file's bytes: the profile and every file it names. */
    files: z.record(z.string().max(400), z.string().regex(/^[0-9a-f]{64}$/)),
  }),
  keyId: z.string().max(64),
  /** Ed25519 over the canonical content (RFC 8785), base64url. */
  value: z.string().max(128),
});

export type ConfigurationError =
  | { readonly code: 'configurationUnsigned'; readonly detail: string }
  /** A key that this lane does not trust, or changed after signing. */
  | { readonly code: 'configurationForged'; readonly detail: string }
  | { readonly code: 'configurationChanged'; readonly detail: string };

export function signaturePath(profilePath: string): string {
  return `${profilePath}${SUFFIX}`;
}

/** The text of the signature file for a profile as it lies on disk now. */
export function signConfiguration(profilePath: string, profile: LaneProfile, key: SigningKey, at: Date): string {
  const content = { schema: DOMAIN, signedAt: at.toISOString(), files: digests(profilePath, profile) };
  return `${JSON.stringify({ content, keyId: key.keyId, value: key.sign(canonicalBytes(content)) }, null, 2)}\n`;
}

/**
 * Whether the profile, and every file it names, is what a trusted key has signed. `keysPath`: list of trusted public keys,
 * written by root. Anything that cannot be read counts as not signed.
 */
export function verifyConfiguration(
  profilePath: string,
  profile: LaneProfile,
  keysPath: string,
): Result<void, ConfigurationError> {
  const path = signaturePath(profilePath);
  try {
    if (lstatSync(path).size > MAX_BYTES) return err({ code: 'configurationUnsigned', detail: `${path} is too large` });
    const trusted = readPublicKeys(keysPath);
    const { content, keyId, value } = signatureFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const key = trusted.find((raw) => keyIdOf(raw) === keyId);
    if (key === undefined || !verifySignature(key, canonicalBytes(content), value))
      return err({ code: 'configurationForged', detail: `key ${keyId}` });
    const changed = Object.entries(digests(profilePath, profile)).find(
      ([file, digest]) => content.files[file] !== digest,
    );
    return changed === undefined ? ok() : err({ code: 'configurationChanged', detail: changed[0] });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
    return err({ code: 'configurationUnsigned', detail });
  }
}

function digests(profilePath: string, profile: LaneProfile): Readonly<Record<string, string>> {
  const base = dirname(resolve(profilePath));
  const { laneController } = profile.devices;
  const maps = laneController.map.includes('/') ? [laneController.map] : [];
  const { controls, home } = profile;
  const trusted = [controls.exit, controls.entry].map((control) =>
    control.kind === 'embedded' ? control.rules : control.tls.ca,
  );
  const authorities = home.kind === 'hub' ? [home.tls.ca] : [];
  const files = [resolve(profilePath), ...trusted, ...authorities, ...maps];
  return Object.fromEntries(files.map((file) => [relative(base, file), sha256Hex(readFileSync(file))]));
}
