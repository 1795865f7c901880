import { createHash } from 'node:crypto';

export type HashName = 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512';

interface HashFacts {
  readonly node: string;
  readonly oid: string;
  readonly bytes: number;
}

const HASHES: Readonly<Record<HashName, HashFacts>> = {
  'SHA-1': { node: 'sha1', oid: '1.3.14.3.2.26', bytes: 20 },
  'SHA-224': { node: 'sha224', oid: '2.16.840.1.101.3.4.2.4', bytes: 28 },
  'SHA-256': { node: 'sha256', oid: '2.16.840.1.101.3.4.2.1', bytes: 32 },
  'SHA-384': { node: 'sha384', oid: '2.16.840.1.101.3.4.2.2', bytes: 48 },
  'SHA-512': { node: 'sha512', oid: '2.16.840.1.101.3.4.2.3', bytes: 64 },
};

export function digest(hash: HashName, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash(HASHES[hash].node);
  for (const part of parts) state.update(part);
  return new Uint8Array(state.digest());
}

export function hashByOid(oid: string): HashName | null {
  for (const [name, facts] of Object.entries(HASHES)) if (facts.oid === oid) return name as HashName;
  return null;
}

export const hashOid = (hash: HashName): string => HASHES[hash].oid;
export const hashBytes = (hash: HashName): number => HASHES[hash].bytes;
/** Name that `node:crypto` uses. */
export const nodeHashName = (hash: HashName): string => HASHES[hash].node;
