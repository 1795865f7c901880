import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSigningKey } from '../../crypto/signing.ts';
import { spawnCli } from '../spawn-cli.ts';
import { compareVersions } from './upgrade-manifest.ts';

let folder = '';
let pack = '';
let trusted = '';
const keyFile = (): string => join(folder, 'release.pem');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-upgrade-'));
  pack = join(folder, 'pack');
  mkdirSync(join(pack, 'resources/lane'), { recursive: true });
  writeFileSync(join(pack, 'jointgate'), 'the program');
  writeFileSync(join(pack, 'resources/lane/package.json'), '{"version":"1.3.0"}');
  const { key, pem } = createSigningKey();
  writeFileSync(keyFile(), pem, { mode: 0o600 });
  trusted = join(folder, 'keys.txt');
  writeFileSync(trusted, `# the maintainers\n${key.publicKeyRaw} # 2026\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const seal = (...more: string[]) => spawnCli(['upgrade', 'seal', pack, ...more]);
const check = (installed = '1.2.9') =>
  spawnCli(['upgrade', '--check', pack, '--keys', trusted, '--installed', installed, '--json']);
const answerOf = async (installed?: string) => {
  const { code: status, stdout } = await check(installed);
  return { status, ...(JSON.parse(stdout) as { accepted: boolean; code?: string; path?: string }) };
};

test('a newer package signed by a trusted key is taken', async () => {
  expect((await seal('--key', keyFile())).code).toBe(0);
  expect(await answerOf()).toMatchObject({ status: 0, accepted: true, version: '1.3.0', files: 2 });
});

test('the same or an older version is refused, whoever signed it', async () => {
  await seal('--key', keyFile());
  expect(await answerOf('1.3.0')).toMatchObject({ status: 1, code: 'releaseNotNewer' });
  expect(await answerOf('1.10.0')).toMatchObject({ status: 1, code: 'releaseNotNewer' });
});

test('an unsigned package is refused, and so is one without a manifest', async () => {
  expect(await answerOf()).toMatchObject({ status: 1, code: 'releaseUnreadable' });
  await seal();
  expect(await answerOf()).toMatchObject({ status: 1, code: 'releaseUnsigned' });
});

test('a package signed by anybody else, or relabelled after signing, is refused', async () => {
  const stranger = join(folder, 'stranger.pem');
  writeFileSync(stranger, createSigningKey().pem, { mode: 0o600 });
  await seal('--key', stranger);
  expect(await answerOf()).toMatchObject({ status: 1, code: 'releaseForged' });
  await seal('--key', keyFile());
  const manifest = join(pack, 'release.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('1.3.0', '9.9.9'));
  expect(await answerOf()).toMatchObject({ status: 1, code: 'releaseForged' });
});

test('a changed, missing, additional or linked file is refused by name', async () => {
  await seal('--key', keyFile());
  writeFileSync(join(pack, 'extra.so'), 'x');
  expect(await answerOf()).toMatchObject({ status: 1, code: 'releaseFileForeign', path: 'extra.so' });
  rmSync(join(pack, 'extra.so'));
  symlinkSync('/etc/passwd', join(pack, 'link'));
  expect(await answerOf()).toMatchObject({ status: 1, code: 'releaseFileForeign', path: 'link' });
  rmSync(join(pack, 'link'));
  appendFileSync(join(pack, 'jointgate'), '!');
  expect(await answerOf()).toMatchObject({ status: 1, code: 'releaseFileChanged', path: 'jointgate' });
  rmSync(join(pack, 'jointgate'));
  expect(await answerOf()).toMatchObject({ status: 1, code: 'releaseFileMissing', path: 'jointgate' });
});

test('a package that is one file has its manifest beside it', async () => {
  const deb = join(folder, 'jointgate_1.3.0_amd64.deb');
  writeFileSync(deb, 'archive');
  await spawnCli(['upgrade', 'seal', deb, '--key', keyFile(), '--release-version', '1.3.0']);
  const asked = ['upgrade', '--check', deb, '--keys', trusted, '--installed', '1.2.0', '--json'];
  expect((await spawnCli(asked)).code).toBe(0);
  appendFileSync(deb, '!');
  expect((await spawnCli(asked)).stdout).toContain('releaseFileChanged');
});

test('a key that others can read signs nothing', async () => {
  writeFileSync(join(folder, 'open.pem'), createSigningKey().pem, { mode: 0o644 });
  const { code: status, stderr } = await seal('--key', join(folder, 'open.pem'));
  expect(status).toBe(3);
  expect(stderr).toContain('keyFileExposed');
});

test('versions are compared by number, not by letter', () => {
  expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0);
  expect(compareVersions('2.0.0', '2.0.0')).toBe(0);
  expect(compareVersions('0.9.10', '1.0.0')).toBeLessThan(0);
});
