import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withoutComments } from '../../../native-bridge/devices/device-profile.ts';
import { unwrap } from '../../contract/result.ts';
import { hubConfigSchema } from '../../hub/hub-config.ts';
import { openLaneKeys, publicKeyOf } from '../../lane/lane-keys.ts';
import { readLaneProfile } from '../../lane/lane-profile.ts';
import { spawnCli } from '../spawn-cli.ts';
import { QUESTIONS } from './setup-profile.ts';

let folder = '';
const profile = (): string => join(folder, 'lane.json');
const key = (): string => join(folder, 'signer.pem');
const keys = (): string => join(folder, 'configuration-keys.txt');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const setup = (...args: string[]) => spawnCli(['setup', ...args]);
const answered = (answers: object) => {
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
  return setup('--folder', folder, '--answers', join(folder, 'answers.json'));
};

test('asks, asks again where an answer is not possible, and writes a commented profile that is valid', async () => {
  const lines = QUESTIONS.map(({ name }) =>
    name === 'laneId' ? 'not a name\nPORT-7' : name === 'topology' ? 'twoDoor' : '',
  );
  const run = await spawnCli(['setup', '--folder', folder], { input: `${lines.join('\n')}\n` });
  expect(run.stderr).toContain('Name of this lane');
  expect(run.stdout).toContain('not possible');
  expect(run.code).toBe(0);
  const read = unwrap(readLaneProfile(profile()));
  expect(read).toMatchObject({ laneId: 'PORT-7', topology: 'twoDoor', direction: { from: 'CHN', to: 'MAC' } });
  expect(readFileSync(profile(), 'utf8').match(/^\s*\/\/ /gm)?.length).toBeGreaterThan(8);
});

test.each([
  { topology: 'twoDoor', scanner: 'elyctis', chipReaderAt: '/dev/jointgate-chip' },
  { topology: 'threeDoor', scanner: 'newland', doorsAt: 'tcp:10.0.0.7:4001' },
])('answers from a file write a valid profile: %o', async (answers) => {
  expect((await answered(answers)).code).toBe(0);
  expect((await setup('check', profile())).stdout).toContain('valid');
});

test('writes over nothing, and takes no answer it does not know', async () => {
  await answered({});
  expect((await answered({})).stderr).toContain('is there already');
  rmSync(profile());
  expect((await answered({ laneID: 'X' })).code).toBe(2);
  expect(await setup('--folder', folder, '--answers', join(folder, 'none.json'))).toMatchObject({ code: 2 });
  expect((await answered({ scannerAt: '/etc/passwd' })).code).toBe(2);
});

test('input that ends early is wrong usage, not a half profile', async () => {
  const run = await spawnCli(['setup', '--folder', folder], { input: 'LANE-1\n' });
  expect(run.code).toBe(2);
  expect(() => readFileSync(profile())).toThrow('ENOENT');
});

test('a signed configuration is good until a byte of it, or of its rules, changes', async () => {
  await answered({});
  const made = await setup('key', key());
  expect(statSync(key()).mode & 0o777).toBe(0o600);
  writeFileSync(keys(), made.stdout);
  const verify = () => setup('verify', profile(), '--keys', keys());
  expect((await verify()).stdout).toContain('configurationUnsigned');
  expect((await setup('sign', profile(), '--key', key())).code).toBe(0);
  expect((await verify()).code).toBe(0);
  const rules = join(folder, 'rules/entry.json');
  appendFileSync(rules, '\n');
  expect(await verify()).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('configurationChanged: rules/entry.json'),
  });
  await setup('sign', profile(), '--key', key());
  writeFileSync(profile(), readFileSync(profile(), 'utf8').replace('LANE-1', 'LANE-2'));
  expect((await verify()).stdout).toContain('configurationChanged: lane.json');
});

test('a signature by a key that the lane does not trust is refused', async () => {
  await answered({});
  writeFileSync(keys(), (await setup('key', join(folder, 'other.pem'))).stdout);
  await setup('key', key());
  await setup('sign', profile(), '--key', key());
  expect((await setup('verify', profile(), '--keys', keys())).stdout).toContain('configurationForged');
});

test('prints the public keys that a hub and the controls of a port must know', async () => {
  await answered({ dataFolder: join(folder, 'data') });
  const { code, stdout } = await setup('keys', profile());
  expect(code).toBe(0);
  const { controls, signing } = unwrap(openLaneKeys(join(folder, 'data')));
  expect(JSON.parse(stdout)).toEqual({
    lane: [publicKeyOf({ signingKey: signing })],
    exit: [publicKeyOf(controls.exit)],
    entry: [publicKeyOf(controls.entry)],
  });
  expect(stdout).not.toMatch(/PRIVATE|secret/);
});

// The blocks that a technician copies.
test.each(['en', 'zh-Hant'])('the port in the technician’s manual, %s, is one that is taken', async (language) => {
  const page = new URL(`../../../docs/manual/${language}/technician.md`, import.meta.url);
  const blocks = [...readFileSync(page, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) =>
    JSON.parse(text),
  );
  const [hub, lane] = blocks;
  expect(blocks).toHaveLength(2);
  expect(hubConfigSchema.safeParse(hub)).toMatchObject({ success: true });
  await answered({});
  const whole = { ...JSON.parse(withoutComments(readFileSync(profile(), 'utf8'))), ...lane };
  writeFileSync(profile(), JSON.stringify(whole));
  expect(await setup('check', profile())).toMatchObject({ code: 0 });
});
