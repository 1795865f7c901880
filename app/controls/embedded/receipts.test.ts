import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ControlAnswer, Notice } from '../../contract/control-protocol.ts';
import type { ReceiptBody } from '../../contract/receipt.ts';
import { unwrap } from '../../contract/result.ts';
import { canonicalBytes } from '../../crypto/canonical-json.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import { openServerBench } from '../server/server-bench.ts';
import { type ControlBench, openBench, specimenNotice, specimenRequest } from '../test-kit.ts';

// Whoever has the connection may say what they like: a passage is believed when the lane's own key has signed it.
const lane = createSigningKey().key;
const laneKeys = [{ keyId: lane.keyId, raw: lane.publicKeyRaw }];
const stranger = createSigningKey().key;

let bench: ControlBench;
beforeEach(async () => {
  bench = await openBench('entry', { laneKeys });
});
afterEach(() => bench.dispose());

function cleared(): ControlAnswer {
  const answer = unwrap(bench.control.handlePrepare(specimenRequest('entry')));
  expect(answer.body.word).toBe('clear');
  unwrap(bench.control.handleNotice(specimenNotice('entry', 'commit', answer.body.recordId), 'k'));
  return answer;
}

function receiptOf(answer: ControlAnswer, change: Partial<ReceiptBody> = {}, key = lane): Notice {
  const { recordId, evidenceDigest } = answer.body;
  const at = answer.body.answeredAt;
  const body: ReceiptBody = {
    version: 1,
    storeId: randomUUID(),
    recordId,
    laneId: 'L1',
    direction: { from: 'CHN', to: 'MAC' },
    evidenceDigest,
    answers: { exit: 'a'.repeat(64), entry: sha256Hex(canonicalBytes(answer)) },
    committedAt: at,
    passedAt: at,
    journal: { seq: 9, hash: 'b'.repeat(64) },
    ...change,
  };
  const receipt = { body, keyId: key.keyId, signature: key.sign(canonicalBytes(body)) };
  return { ...specimenNotice('entry', 'receipt', recordId), detail: { receipt } };
}

test('a receipt the lane has signed about this answer is taken', () => {
  const answer = cleared();
  unwrap(bench.control.handleNotice(receiptOf(answer), 'r'));
  expect(unwrap(bench.control.stateOf(answer.body.recordId))).toBe('passed');
  expect(bench.alarms).toEqual([]);
});

const FORGERIES: readonly (readonly [string, (answer: ControlAnswer) => Notice])[] = [
  ['no receipt at all', (answer) => specimenNotice('entry', 'receipt', answer.body.recordId)],
  ['one of another key', (answer) => receiptOf(answer, {}, stranger)],
  [
    'one of another key under the lane’s name',
    (answer) => {
      const notice = receiptOf(answer, {}, stranger);
      return { ...notice, detail: { receipt: { ...(notice.detail?.receipt as object), keyId: lane.keyId } } };
    },
  ],
  ['one about another record', (answer) => ({ ...receiptOf(answer, { recordId: randomUUID() }) })],
  [
    'one that names another answer of ours',
    (answer) => receiptOf(answer, { answers: { exit: 'a'.repeat(64), entry: 'c'.repeat(64) } }),
  ],
  [
    'one that was altered after signing',
    (answer) => {
      const notice = receiptOf(answer);
      const receipt = notice.detail?.receipt as { body: ReceiptBody };
      return { ...notice, detail: { receipt: { ...receipt, body: { ...receipt.body, laneId: 'L2' } } } };
    },
  ],
];

test.each(FORGERIES)('%s is refused for good, changes nothing and is an alarm', (_name, forge) => {
  const answer = cleared();
  const notice = forge(answer);
  expect(bench.control.handleNotice(notice, 'r')).toEqual({ ok: false, error: { code: 'receiptForged' } });
  expect(unwrap(bench.control.stateOf(answer.body.recordId))).toBe('committed');
  expect(bench.alarms).toEqual(['receiptForged']);
  // The genuine one is still welcome.
  unwrap(bench.control.handleNotice(receiptOf(answer), 'r'));
  expect(unwrap(bench.control.stateOf(answer.body.recordId))).toBe('passed');
});

test('over the network: the server answers with the problem, and the client does not even send a forged one', async () => {
  const { openClient, server } = await openServerBench(bench);
  const answer = cleared();
  const forged = receiptOf(answer, {}, stranger);
  const signal = new AbortController().signal;
  const refusal = { ok: false, error: { code: 'controlUnreachable', side: 'entry', detail: 'receiptForged' } };
  const client = openClient();
  expect(await client.notify(forged, 'r', signal)).toEqual(refusal);
  expect(bench.alarms).toEqual(['receiptForged']);
  const careful = openClient({ laneKeys });
  await server.close();
  expect(await careful.notify(forged, 'r', signal)).toEqual(refusal);
  await client.close();
  await careful.close();
});
