import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../contract/result.ts';
import { createSealingKey, loadSealingKey, type SealingKey } from './sealing.ts';
import { createSigningKey, loadSigningKey, type SigningKey } from './signing.ts';

export type KeyKind = 'signing' | 'sealing' | 'secret';
const SECRET_BYTES = 32;

interface Loaded<K extends KeyKind, V> {
  readonly kind: K;
  readonly path: string;
  /** True when this call made it: the caller writes the `keyCreated` audit line. */
  readonly created: boolean;
  readonly key: V;
}
export type LoadedSigningKey = Loaded<'signing', SigningKey> & { readonly pem: string };
export type LoadedSealingKey = Loaded<'sealing', SealingKey> & { readonly pem: string };
/** 32 random bytes, for keyed hashes. */
export type LoadedSecret = Loaded<'secret', Uint8Array>;

export type KeyFileError =
  /** The file, or the folder it lies in, gives others more than they may have. `mode` in octal, e.g. `644`. */
  | { readonly code: 'keyFileExposed'; readonly path: string; readonly mode: string }
  /** Not a key of the kind asked for. Never overwritten. */
  | { readonly code: 'keyFileInvalid'; readonly path: string }
  | { readonly code: 'keyFileFailed'; readonly path: string; readonly detail: string };

/**
 * Gives the key in the file, or makes a new one at first start: file 0600, its folder (if missing) 0700, durable before
 * this returns. Of two processes that start at once exactly one key wins and both get it. A file that others can read
 * or write is refused, not repaired: the key must be taken for lost.
 */
export function loadOrCreateKeyFile(path: string, kind: 'signing'): Result<LoadedSigningKey, KeyFileError>;
export function loadOrCreateKeyFile(path: string, kind: 'sealing'): Result<LoadedSealingKey, KeyFileError>;
export function loadOrCreateKeyFile(path: string, kind: 'secret'): Result<LoadedSecret, KeyFileError>;
export function loadOrCreateKeyFile(
  path: string,
  kind: KeyKind,
): Result<LoadedSigningKey | LoadedSealingKey | LoadedSecret, KeyFileError> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const created = lstatSync(path, { throwIfNoEntry: false }) === undefined && createDurably(path, newKeyText(kind));
    const exposed = findExposure(path);
    return exposed === null ? parse(path, kind, created) : err(exposed);
  } catch (cause) {
    return err({ code: 'keyFileFailed', path, detail: cause instanceof Error ? cause.message : String(cause) });
  }
}

function newKeyText(kind: KeyKind): string {
  switch (kind) {
    case 'signing':
      return createSigningKey().pem;
    case 'sealing':
      return createSealingKey().pem;
    case 'secret':
      return `${randomBytes(SECRET_BYTES).toString('hex')}\n`;
  }
}

/** `link` never replaces, so a half-written or second key can never stand under the final name. */
function createDurably(path: string, text: string): boolean {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(draft, path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(path));
  return true;
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function findExposure(path: string): KeyFileError | null {
  const file = lstatSync(path);
  if (!file.isFile()) return { code: 'keyFileInvalid', path };
  if (process.platform === 'win32') return null; // mode bits mean nothing there; the folder's ACL protects
  if ((file.mode & 0o077) !== 0) return { code: 'keyFileExposed', path, mode: octal(file.mode) };
  const folder = statSync(dirname(path));
  // Whoever may write the folder may replace the key. A sticky folder (/tmp) lets only the owner do that.
  const replaceable = (folder.mode & 0o022) !== 0 && (folder.mode & 0o1000) === 0;
  return replaceable ? { code: 'keyFileExposed', path: dirname(path), mode: octal(folder.mode) } : null;
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8);
}

function parse(
  path: string,
  kind: KeyKind,
  created: boolean,
): Result<LoadedSigningKey | LoadedSealingKey | LoadedSecret, KeyFileError> {
  const text = readFileSync(path, 'utf8');
  try {
    switch (kind) {
      case 'signing':
        return ok({ kind, path, created, key: loadSigningKey(text), pem: text });
      case 'sealing':
        return ok({ kind, path, created, key: loadSealingKey(text), pem: text });
      case 'secret': {
        if (!/^[0-9a-f]{64}\n?$/.test(text)) return err({ code: 'keyFileInvalid', path });
        return ok({ kind, path, created, key: Uint8Array.from(Buffer.from(text.trim(), 'hex')) });
      }
    }
  } catch {
    // OpenSSL's words about a broken PEM help nobody and may quote it.
    return err({ code: 'keyFileInvalid', path });
  }
}
