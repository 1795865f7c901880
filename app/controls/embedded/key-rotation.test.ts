import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { evidenceDigest } from '../answer-signing.ts';
import type { ControlKey } from '../control.ts';
import { openServerBench } from '../server/server-bench.ts';
import { NOW_MS, openBench, specimenNotice, specimenRequest } from '../test-kit.ts';
import { verifyAnswer } from '../verify-answer.ts';
import { loadControlKeys } from './control-keys.ts';
import { rotateSigningKey } from './key-rotation.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'jointgate-keys-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const step = (which: 'prepare' | 'activate' | 'retire'): readonly string[] =>
  unwrap(rotateSigningKey(dir, 'entry', which)).map(({ keyId }) => keyId);

test('step by step: the next key is known before it signs, the one before stays valid until it is retired', () => {
  const old = unwrap(loadControlKeys(dir, 'entry')).signingKey.keyId;
  expect(rotateSigningKey(dir, 'entry', 'activate')).toEqual({ ok: false, error: { code: 'nothingPrepared' } });
  const [signs, next] = step('prepare');
  expect(signs).toBe(old);
  expect(rotateSigningKey(dir, 'entry', 'prepare')).toEqual({ ok: false, error: { code: 'alreadyPrepared' } });
  expect(step('activate')).toEqual([next, old]);
  const loaded = unwrap(loadControlKeys(dir, 'entry'));
  expect([loaded.signingKey.keyId, loaded.alsoValid.map(({ keyId }) => keyId)]).toEqual([next, [old]]);
  step('prepare');
  expect(rotateSigningKey(dir, 'entry', 'activate')).toEqual({ ok: false, error: { code: 'previousStillValid' } });
  expect(step('retire')[0]).toBe(next);
  expect(step('activate')).toHaveLength(2);
  expect(statSync(join(dir, 'control-entry-signing.previous.json')).mode & 0o777).toBe(0o600);
});

test('a served control changes its key under load: not one answer is refused by a lane that knows both keys', async () => {
  const keys = unwrap(loadControlKeys(dir, 'entry'));
  const bench = await openBench('entry', { signingKey: keys.signingKey });
  const { openClient, server } = await openServerBench(bench);
  const client = openClient();
  const signal = new AbortController().signal;
  let known: readonly ControlKey[] = unwrap(await client.keys());
  const signers = new Set<string>();

  const ask = async (): Promise<void> => {
    const request = specimenRequest('entry');
    const { recordId } = request.evidence;
    const answer = unwrap(
      verifyAnswer({
        answer: unwrap(await client.prepare(request, signal)),
        side: 'entry',
        recordId,
        evidenceDigest: evidenceDigest(request.evidence),
        keys: known,
        nowMs: NOW_MS,
        maxAgeMs: 5_000,
      }),
    );
    signers.add(answer.keyId);
    unwrap(await client.notify(specimenNotice('entry', 'void', recordId), `${recordId}:void`, signal));
  };
  const reload = (): void => {
    const { signingKey, alsoValid } = unwrap(loadControlKeys(dir, 'entry'));
    bench.control.signWith(signingKey, alsoValid);
  };

  let going = true;
  const load = [1, 2, 3].map(async () => {
    while (going) await ask();
  });
  step('prepare');
  reload();
  known = unwrap(await client.keys());
  expect(known).toHaveLength(2);
  step('activate');
  reload();
  for (let n = 0; n < 5; n += 1) await ask();
  step('retire');
  // What was signed before the old key went is still checked by it: only now the lane forgets it.
  for (let n = 0; n < 5; n += 1) await ask();
  going = false;
  await Promise.all(load);
  reload();
  known = unwrap(await client.keys());
  expect(known).toHaveLength(1);
  await ask();
  expect(signers.size).toBe(2);
  expect(signers).toContain(known[0]?.keyId);
  await client.close();
  await server.close();
  await bench.dispose();
});
