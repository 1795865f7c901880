import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { type ControlBench, openBench, specimenNotice, specimenRequest } from '../test-kit.ts';
import { grouped } from './grouped.ts';

let bench: ControlBench;
beforeEach(async () => {
  bench = await openBench('exit');
});
afterEach(() => bench.dispose());

/** What another connection to the file sees: what has been committed, and nothing before. */
function watcher() {
  const other = new Database(join(bench.dataDir, 'control-exit.sqlite'), { readonly: true });
  const count = other.prepare<[], number>('SELECT count(*) FROM crossings').pluck();
  return { crossings: () => count.get() ?? 0, close: () => other.close() };
}

test('what comes in together is decided one after the other and durable before anybody is answered', async () => {
  const file = watcher();
  const commits: number[] = [];
  const asked = [randomUUID(), randomUUID()].map(async (recordId) => {
    const answer = unwrap(await bench.control.takePrepare(specimenRequest('exit', { recordId })));
    commits.push(file.crossings());
    return answer.body.word;
  });
  // One and the same traveller: the second decision must see the first one's clear, though it was not flushed yet.
  expect(await Promise.all(asked)).toEqual(['clear', 'refuse']);
  expect(commits).toEqual([2, 2]);
  file.close();
});

test('a call of the group that is refused changes nothing for the others', async () => {
  const recordId = randomUUID();
  unwrap(await bench.control.takePrepare(specimenRequest('exit', { recordId })));
  const commit = specimenNotice('exit', 'commit', recordId);
  const told = await Promise.all([
    bench.control.takeNotice(commit, 'c'),
    bench.control.takeNotice({ ...commit, detail: { other: 1 } }, 'c'),
    bench.control.takeNotice({ nonsense: true }, 'n'),
    bench.control.takeNotice(specimenNotice('exit', 'receipt', recordId), 'r'),
  ]);
  expect(told.map((each) => (each.ok ? 'ok' : each.error.code))).toEqual([
    'ok',
    'noticeChanged',
    'requestMalformed',
    'ok',
  ]);
  expect(bench.alarms).toEqual(['noticeChanged']);
  expect(bench.control.stateOf(recordId)).toEqual({ ok: true, value: 'passed' });
});

test('of a closed control every call of the group is told so', async () => {
  const calls = [1, 2].map(() => bench.control.takePrepare(specimenRequest('exit', { recordId: randomUUID() })));
  await bench.control.close();
  const expected = { ok: false, error: { code: 'storeFailed', detail: 'closed' } };
  expect(await Promise.all(calls)).toEqual([expected, expected]);
});

test('reasons decided in one transaction share an ephemeral key, which the next one does not have', async () => {
  const ask = () => bench.control.takePrepare(specimenRequest('exit', { recordId: randomUUID() }));
  const both = (await Promise.all([ask(), ask()])).map((answer) => unwrap(answer).body.reason?.ephemeral);
  const alone = unwrap(await ask()).body.reason?.ephemeral;
  expect(both[1]).toBe(both[0]);
  expect(alone).not.toBe(both[0]);
});

test('when the group fails as a whole, each call is tried by itself and has its own outcome', async () => {
  const run: string[] = [];
  const together = grouped((calls) => {
    for (const call of calls) call();
    throw new Error('rolled back');
  });
  const good = together(() => run.push('good'));
  const bad = together(() => {
    run.push('bad');
    if (run.length > 2) throw new TypeError('a bug');
    return 0;
  });
  await expect(good).resolves.toBe(3);
  await expect(bad).rejects.toThrow('a bug');
  expect(run).toEqual(['good', 'bad', 'good', 'bad']);
});

test('more calls than one group takes are all answered', async () => {
  const sizes: number[] = [];
  const together = grouped((calls) => {
    sizes.push(calls.length);
    return calls.map((call) => call());
  });
  const all = await Promise.all(Array.from({ length: 70 }, (_, index) => together(() => index)));
  expect(all).toEqual(Array.from({ length: 70 }, (_, index) => index));
  expect(sizes).toEqual([32, 32, 6]);
});
