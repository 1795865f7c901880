import { readFileSync } from 'node:fs';
import { RAW_KEY_BYTES } from './raw-keys.ts';

const MAX_KEYS = 100;

/** A list of trusted public keys: raw keys, one a line in base64url; `#` begins a comment. Throws on a line that is no key. */
export function readPublicKeys(path: string): readonly string[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n', MAX_KEYS)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  const wrong = lines.find((line) => Buffer.from(line, 'base64url').length !== RAW_KEY_BYTES);
  if (wrong !== undefined) throw new Error(`${path}: not a public key: ${wrong.slice(0, 12)}..`);
  return lines;
}
