import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DECISION_CODES } from '../../app/contract/decision-codes.ts';
import { CAST } from '../../app/demo/cast.ts';

/** Codes that are also ordinary words of the joint record, and so no secret of a side. */
const SHARED_WORDS: ReadonlySet<string> = new Set(['notEnrolled', 'consentMissing']);

/** What must never lie on a disk: who the specimens are (G6), and why a control decided (G5). */
export function fixtureSecrets(): readonly string[] {
  const people = CAST.flatMap(({ lines, documents }) => [
    ...lines,
    ...(documents === null
      ? []
      : [documents.exit, documents.entry].flatMap(({ number, name }) => [number, ...nameParts(name)])),
  ]);
  const reasons = DECISION_CODES.filter((code) => !SHARED_WORDS.has(code));
  return [...new Set([...people, ...reasons])];
}

/** Short given names stand in many a word; only what cannot be there by chance is looked for. */
function nameParts(name: string): readonly string[] {
  return [name, ...name.split(/[^A-Z]+/)].filter((part) => part.length >= 7);
}

/** Every file below a folder that holds one of the secrets: databases, write-ahead logs, freed pages, logs, dumps. */
export async function secretsLeft(
  folder: string,
  secrets: readonly (string | Uint8Array)[] = fixtureSecrets(),
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile()) continue;
    const bytes = readFileSync(path);
    for (const secret of secrets) {
      const twoByte = typeof secret === 'string' ? Buffer.from(secret, 'utf16le') : null;
      if (bytes.includes(Buffer.from(secret as string)) || (twoByte !== null && bytes.includes(twoByte)))
        found.push(`${name} holds ${typeof secret === 'string' ? secret : `${secret.length} bytes of a picture`}`);
    }
  }
  return found;
}
