import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cutPortrait, listSpecimenTravellers } from '../../app/demo/specimens/specimens.ts';
import { openStage } from '../integration/lane-stage.ts';
import { fixtureSecrets, secretsLeft } from './secrets.ts';

// G6: after closing, no name, document number, MRZ, portrait, frame or template is on disk: not in the database, its WAL, freed pages,
// logs, dumps or temporary files. The long tier is `npm run chaos`, which searches the same way after hundreds of kills. Beside this:
// `app/record/sqlite/g5-g6-secrets.test.ts`, `app/controls/embedded/embedded-control.test.ts`.

const folder = mkdtempSync(join(tmpdir(), 'jointgate-g6-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the search finds a name in the middle of a page, in a log, and in the two-byte letters of a dump', async () => {
  const [secret = ''] = fixtureSecrets();
  writeFileSync(join(folder, 'page'), Buffer.concat([Buffer.alloc(5_000, 7), Buffer.from(secret), Buffer.alloc(100)]));
  writeFileSync(join(folder, 'core'), Buffer.from(`\u0000${secret}`, 'utf16le'));
  expect(await secretsLeft(folder, [secret])).toHaveLength(2);
});

test('a whole lane: served, referred and refused travellers leave nothing of themselves behind', async () => {
  const stage = await openStage();
  await stage.lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { output } = await stage.cross('stevenson');
  expect(output.ending?.state).toBe('passed');
  // Somebody whom a side watches for, and one whom nobody has enrolled.
  await stage.cross('olga');
  await stage.nextIsServed();
  const people = fixtureSecrets();
  expect(people.length).toBeGreaterThan(30);
  expect(await secretsLeft(stage.folder, people)).toEqual([]);
  const pictures = await pieces();
  expect(pictures[0]).toHaveLength(32);
  expect(await secretsLeft(stage.folder, pictures)).toEqual([]);
});

/** A few bytes out of the middle of each enrolled picture: enough to know it again, never there by chance. */
async function pieces(): Promise<readonly Uint8Array[]> {
  const cut = await Promise.all(listSpecimenTravellers().map(({ portrait }) => cutPortrait(portrait)));
  return cut.map((portrait) => portrait.subarray(portrait.length >> 1, (portrait.length >> 1) + 32));
}
