import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../contract/result.ts';
import { loadOrCreateKeyFile } from './key-files.ts';
import { verifySignature } from './signing.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('key files', () => {
  test('first start makes a 0600 file in a 0700 folder; the next start loads the same key', () => {
    const path = join(folder, 'keys', 'lane.pem');
    const first = unwrap(loadOrCreateKeyFile(path, 'signing'));
    const second = unwrap(loadOrCreateKeyFile(path, 'signing'));
    expect([first.created, second.created]).toEqual([true, false]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['lane.pem']);
    const data = new Uint8Array([1, 2, 3]);
    expect(verifySignature(first.key.publicKeyRaw, data, second.key.sign(data))).toBe(true);
  });

  test('sealing keys and secrets too', () => {
    const sealing = unwrap(loadOrCreateKeyFile(join(folder, 'seal.pem'), 'sealing'));
    expect(unwrap(loadOrCreateKeyFile(join(folder, 'seal.pem'), 'sealing')).key.keyId).toBe(sealing.key.keyId);
    const secret = unwrap(loadOrCreateKeyFile(join(folder, 'secret'), 'secret'));
    expect(secret.key).toHaveLength(32);
    expect(unwrap(loadOrCreateKeyFile(join(folder, 'secret'), 'secret')).key).toEqual(secret.key);
  });

  test.each(['644', '640', '660', '606'])('a file of mode %s is refused and left as it is', (mode) => {
    const path = join(folder, 'lane.pem');
    unwrap(loadOrCreateKeyFile(path, 'signing'));
    const before = readFileSync(path, 'utf8');
    chmodSync(path, Number.parseInt(mode, 8));
    expect(loadOrCreateKeyFile(path, 'signing')).toEqual({ ok: false, error: { code: 'keyFileExposed', path, mode } });
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('a folder that others may write is refused', () => {
    unwrap(loadOrCreateKeyFile(join(folder, 'lane.pem'), 'signing'));
    chmodSync(folder, 0o777);
    const result = loadOrCreateKeyFile(join(folder, 'lane.pem'), 'signing');
    expect(result).toEqual({ ok: false, error: { code: 'keyFileExposed', path: folder, mode: '777' } });
  });

  test('what is no key, the wrong kind, a link or a folder is refused and never overwritten', () => {
    const path = join(folder, 'lane.pem');
    writeFileSync(path, '', { mode: 0o600 });
    expect(loadOrCreateKeyFile(path, 'signing')).toEqual({ ok: false, error: { code: 'keyFileInvalid', path } });
    expect(readFileSync(path, 'utf8')).toBe('');
    unwrap(loadOrCreateKeyFile(join(folder, 'seal.pem'), 'sealing'));
    expect(loadOrCreateKeyFile(join(folder, 'seal.pem'), 'signing').ok).toBe(false);
    symlinkSync(join(folder, 'seal.pem'), join(folder, 'link.pem'));
    expect(loadOrCreateKeyFile(join(folder, 'link.pem'), 'sealing').ok).toBe(false);
    expect(loadOrCreateKeyFile(folder, 'secret').ok).toBe(false);
  });

  test('a path that cannot exist is a coded failure', () => {
    writeFileSync(join(folder, 'file'), 'x');
    const result = loadOrCreateKeyFile(join(folder, 'file', 'lane.pem'), 'signing');
    expect(result).toMatchObject({ ok: false, error: { code: 'keyFileFailed' } });
  });

  test('processes that start at once agree on one key', async () => {
    const path = join(folder, 'keys', 'lane.pem');
    const source = new URL('./key-files.ts', import.meta.url).href;
    const script = `const { loadOrCreateKeyFile } = await import(${JSON.stringify(source)});
      const r = loadOrCreateKeyFile(${JSON.stringify(path)}, 'signing');
      process.stdout.write(r.ok ? r.value.key.keyId + ' ' + r.value.created : JSON.stringify(r.error));`;
    const runs = await Promise.all(
      [0, 1, 2].map(() => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])),
    );
    const answers = runs.map((run) => run.stdout.split(' '));
    expect(new Set(answers.map(([keyId]) => keyId)).size).toBe(1);
    expect(answers.filter(([, created]) => created === 'true')).toHaveLength(1);
  });
});
