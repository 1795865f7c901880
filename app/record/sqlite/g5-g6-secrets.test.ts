import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { SIDES } from '../../contract/crossing.ts';
import { unwrap } from '../../contract/result.ts';
import { createSealingKey, seal } from '../../crypto/sealing.ts';
import { answer, documentDigest, profileDigest, walkThrough, walkToAsked } from '../crossing.fixture.ts';
import { exportRecordFile } from '../verify/export-file.ts';
import { sqliteBench } from './sqlite.fixture.ts';

// ICAO Doc 9303-4's specimen, as a traveller of the lane.
const NUMBER = 'L898902C3';
const PERMIT = 'C12345678';
const NAME = 'ERIKSSON';
const REASON = 'watchlistHit';

test('G5, G6: neither reasons nor people are in any byte of any file, nor in the other side’s export', async () => {
  const bench = await sqliteBench();
  const { store, controls, clock, path } = bench;
  const who = {
    exitDocument: documentDigest(NUMBER),
    entryDocument: documentDigest(PERMIT),
    profile: profileDigest(`${NAME} ${NUMBER} ${PERMIT}`),
  };
  await walkThrough(bench, who);
  const walk = await walkToAsked(bench, who);
  const { recordId } = walk.record;
  const sealing = { exit: createSealingKey().key, entry: createSealingKey().key };
  const boxes = { exit: '', entry: '' };
  for (const side of SIDES) {
    const { keyId, publicKeyRaw } = sealing[side];
    const text = JSON.stringify({ code: REASON, rule: `${side}.watchlist`, silent: true });
    const reason = seal(publicKeyRaw, keyId, Buffer.from(text), `${recordId} ${side}`);
    boxes[side] = reason.box;
    const body = { side, recordId, evidenceDigest: walk.evidenceDigest, word: 'refuse' as const, reason };
    unwrap(await store.append(recordId, { type: 'answered', answer: answer(controls[side], clock.now(), body) }));
  }
  unwrap(await store.end(recordId, { type: 'refused', owner: 'exit' }));

  const folder = dirname(path);
  const holding = (secret: string) =>
    readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(secret));
  // The search itself works: what is meant to be there is found.
  expect(holding(who.exitDocument).length).toBeGreaterThan(0);
  expect(holding(boxes.exit).length).toBeGreaterThan(0);
  for (const secret of [NUMBER, PERMIT, NAME, REASON, 'watchlist']) expect(holding(secret), secret).toEqual([]);
  for (const side of SIDES) {
    const exported = JSON.stringify([...exportRecordFile(path, side, '2026-01-01', '2027-01-01')]);
    expect(exported).toContain(boxes[side]);
    expect(exported).not.toContain(boxes[side === 'exit' ? 'entry' : 'exit']);
    const notices = JSON.stringify(unwrap(await store.outbox(side, 100)));
    for (const box of Object.values(boxes)) expect(notices).not.toContain(box);
  }
  await bench.dispose();
});
