import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { documentDigest, EnrolmentStore, enrolmentFile, sealedProfilesSchema } from '../../lane/enrolment-store.ts';
import { openPortKeys } from '../../lane/lane-keys.ts';
import { spawnCli } from '../spawn-cli.ts';
import { greyPortrait, nobody } from './enrol.fixture.ts';

let folder = '';
let portrait = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-enrol-'));
  portrait = await greyPortrait(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const desk = (): string => join(folder, 'desk');
const enrol = (args: readonly string[], input = '') => spawnCli(['enrol', ...args, '--data', desk()], { input });
const add = (profile: object, ...args: readonly string[]) =>
  enrol(['add', '--portrait', portrait, ...args], JSON.stringify(profile));
/** What the port's documents say when sealed now, all of them together. */
async function sealed(name: string) {
  const out = join(folder, name);
  expect(await enrol(['seal', '--out', out])).toMatchObject({ code: 0, stderr: '' });
  const files = readdirSync(out).map((file) => ({ file, text: readFileSync(join(out, file), 'utf8') }));
  const documents = files.map(({ text }) => sealedProfilesSchema.parse(JSON.parse(text)));
  return {
    files,
    profiles: documents.flatMap((it) => it.profiles),
    withdrawn: documents.flatMap((it) => it.withdrawn),
  };
}

test('who is enrolled at the desk is found by a lane with the same keys, and not by who reads the documents', async () => {
  expect(await add(nobody('specimen-1'), '--json')).toMatchObject({
    code: 0,
    stdout: '{"done":true,"code":null,"profileId":"specimen-1"}\n',
  });
  const first = await sealed('first');
  expect(first.profiles).toHaveLength(1);
  for (const { file, text } of first.files) {
    expect(file).toBe(`enrolled-${first.profiles[0]?.profileDigest.slice(0, 2)}.json`);
    expect(text).not.toMatch(/SPECIMEN|specimen-1/);
  }

  const { enrolmentKey, portKey } = unwrap(openPortKeys(desk()));
  const lane = unwrap(EnrolmentStore.open(enrolmentFile(join(folder, 'lane')), enrolmentKey, portKey));
  const ofNobody = documentDigest(portKey, nobody('specimen-1').documents.entry);
  for (const part of first.files) unwrap(lane.takeSealed(sealedProfilesSchema.parse(JSON.parse(part.text))));
  expect(unwrap(lane.find(ofNobody)).portrait).toEqual(new Uint8Array(readFileSync(portrait)));

  expect(await enrol(['withdraw', 'specimen-1'])).toMatchObject({ code: 0 });
  expect(await enrol(['withdraw', 'specimen-1', '--json'])).toMatchObject({
    code: 1,
    stdout: '{"done":false,"code":"notEnrolled","profileId":"specimen-1"}\n',
  });
  const second = await sealed('second');
  expect(second).toMatchObject({ profiles: [], withdrawn: [first.profiles[0]?.profileDigest] });
  for (const part of second.files) unwrap(lane.takeSealed(sealedProfilesSchema.parse(JSON.parse(part.text))));
  expect(lane.find(ofNobody)).toMatchObject({ ok: false, error: { code: 'notEnrolled' } });
  lane.close();

  expect(await add(nobody('specimen-1'))).toMatchObject({ code: 0, stdout: 'specimen-1: enrolled\n' });
  expect(await sealed('third')).toMatchObject({ profiles: [{}], withdrawn: [] });
});

test('says what it does not take, without a word of who it is about', async () => {
  const wrong = { ...nobody('specimen-2'), consentGivenAt: 'SECRET-DAY' };
  const refused = await add(wrong);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('consentGivenAt') });
  expect(refused.stderr).not.toMatch(/SECRET|SPECIMEN/);
  expect(await enrol(['add', '--portrait', portrait], '{ "SECRET')).toMatchObject({
    code: 2,
    stderr: 'jointgate: the profile is no JSON\n',
  });
  const text = join(folder, 'portrait.txt');
  writeFileSync(text, 'no picture');
  expect(await enrol(['add', '--portrait', text], JSON.stringify(nobody('specimen-2')))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('imageUnsupported'),
  });
  writeFileSync(text, Buffer.alloc(1_000_001));
  expect(await enrol(['add', '--portrait', text], JSON.stringify(nobody('specimen-2')))).toMatchObject({ code: 2 });
});
