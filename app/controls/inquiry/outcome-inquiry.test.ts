import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordOutcome } from '../../contract/control-protocol.ts';
import { err, ok, type Result, unwrap } from '../../contract/result.ts';
import { createTestAuthority } from '../test-certificates.ts';
import { type ControlBench, openBench, specimenNotice, specimenRequest } from '../test-kit.ts';
import { type OutcomeInquiry, startOutcomeInquiry } from './outcome-inquiry.ts';
import { openRemoteHome } from './remote-home.ts';

const GRACE_MS = 60_000;

let bench: ControlBench;
let inquiry: OutcomeInquiry;
let says: (recordId: string) => Result<RecordOutcome, unknown>;
let asked: string[];
beforeEach(async () => {
  bench = await openBench('entry', { graceMs: GRACE_MS });
  asked = [];
  says = () => ok('open');
  const home = {
    outcome: async (recordId: string) => {
      asked.push(recordId);
      return says(recordId);
    },
  };
  inquiry = startOutcomeInquiry({ control: bench.control, home, clock: bench.clock });
});
afterEach(async () => {
  await inquiry.stop();
  await bench.dispose();
});

/** Cleared, and nobody says what became of it; its one entry is held. */
function clearedAndForgotten(): string {
  const answer = unwrap(bench.control.handlePrepare(specimenRequest('entry')));
  expect(answer.body.word).toBe('clear');
  return answer.body.recordId;
}

const state = (recordId: string) => unwrap(bench.control.stateOf(recordId));
const pastExpiry = () => bench.clock.advance(bench.options.rules.answerValidMs + 1);
const receipt = (recordId: string) => bench.control.handleNotice(specimenNotice('entry', 'receipt', recordId), 'r');
/** Whether the holder's only entry is free: a new crossing is cleared. */
const entryIsFree = () => {
  const request = specimenRequest('entry', { atMs: bench.clock.nowMs() });
  const answer = unwrap(bench.control.handlePrepare(request));
  unwrap(bench.control.handleNotice(specimenNotice('entry', 'void', request.evidence.recordId), 'v'));
  return answer.body.word === 'clear';
};

test('nobody is asked about a clear that still holds', async () => {
  clearedAndForgotten();
  expect(await inquiry.round()).toEqual({ asked: 0, learnt: 0, lapsed: 0 });
});

test('a commit whose notice never came is learnt from the home, and counts once when the notice comes after all', async () => {
  const recordId = clearedAndForgotten();
  pastExpiry();
  says = () => ok('committed');
  expect(await inquiry.round()).toEqual({ asked: 1, learnt: 1, lapsed: 0 });
  expect(state(recordId)).toBe('committed');
  unwrap(bench.control.handleNotice(specimenNotice('entry', 'commit', recordId), 'c'));
  unwrap(receipt(recordId));
  expect(state(recordId)).toBe('passed');
  expect(entryIsFree()).toBe(false);
  expect(bench.alarms).toEqual([]);
});

test('a record that has ended without a crossing gives back what it held', async () => {
  const recordId = clearedAndForgotten();
  pastExpiry();
  says = () => ok('voided');
  expect(await inquiry.round()).toEqual({ asked: 1, learnt: 1, lapsed: 0 });
  expect(state(recordId)).toBe('voided');
  expect(entryIsFree()).toBe(true);
  expect(bench.alarms).toEqual([]);
});

test.each<[string, () => Result<RecordOutcome, unknown>]>([
  ['does not answer', () => err('gone')],
  ['knows of no commit', () => ok('open')],
  ['does not know the record', () => ok('unknown')],
])('a home that %s: void at expiry plus grace, and a passage that is told later is an alarm', async (_what, answer) => {
  const recordId = clearedAndForgotten();
  says = answer;
  pastExpiry();
  expect((await inquiry.round()).lapsed).toBe(0);
  expect(state(recordId)).toBe('prepared');
  bench.clock.advance(GRACE_MS);
  // The clock that moved has begun a round of its own already.
  await inquiry.round();
  expect(state(recordId)).toBe('lapsed');
  expect(bench.alarms).toEqual(['clearLapsed']);
  expect(entryIsFree()).toBe(true);
  expect(await inquiry.round()).toEqual({ asked: 0, learnt: 0, lapsed: 0 });
  unwrap(receipt(recordId));
  expect(bench.alarms).toEqual(['clearLapsed', 'commitAfterLapse']);
});

test('it looks by itself, again and again', async () => {
  const recordId = clearedAndForgotten();
  says = () => ok('committed');
  pastExpiry();
  for (let round = 0; round < 2; round += 1) {
    bench.clock.advance(5_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(asked).toEqual([recordId]);
  expect(state(recordId)).toBe('committed');
});

test('over the network: a home’s word is taken when it is one, about the record that was asked for', async () => {
  const authority = await createTestAuthority();
  const [server, side] = await Promise.all([authority.server(), authority.client('entry-control')]);
  const tls = { cert: server.cert, key: server.key, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  let reply: unknown = null;
  const hub = createServer(tls, (_request, response) => response.end(JSON.stringify(reply)));
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const home = openRemoteHome(url, { ca: authority.cert, cert: side.cert, key: side.key });
  const recordId = '0b9f3a52-6f0e-4f0e-9a52-6f0e4f0e9a52';
  const ask = () => home.outcome(recordId, new AbortController().signal);
  reply = { recordId, outcome: 'committed' };
  expect(await ask()).toEqual(ok('committed'));
  for (reply of [
    { recordId: '1c8e2b41-5e1d-4e1d-8b41-5e1d4e1d8b41', outcome: 'committed' },
    { recordId, outcome: 'clear' },
    'yes',
    null,
  ]) {
    expect((await ask()).ok).toBe(false);
  }
  hub.closeAllConnections();
  await new Promise((resolve) => hub.close(resolve));
  expect((await ask()).ok).toBe(false);
  home.close();
});
