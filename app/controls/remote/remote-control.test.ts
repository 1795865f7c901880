import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import { evidenceDigest, signAnswer } from '../answer-signing.ts';
import { askBoth } from '../ask.ts';
import { problem } from '../protocol/problems.ts';
import { createTestAuthority, type TestAuthority, type TestCertificate } from '../test-certificates.ts';
import { type ControlBench, FakeClock, openBench, specimenNotice, specimenRequest } from '../test-kit.ts';
import { verifyAnswer } from '../verify-answer.ts';
import { openRemoteControl, type RemoteControlOptions } from './remote-control.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Plays the control at the other end of the wire: each request is given to the next of the test's handlers. */
let handlers: Handler[] = [];
const seen: { path: string; headers: IncomingMessage['headers']; body: string }[] = [];
let authority: TestAuthority;
let lane: TestCertificate;
let server: Server;
let bench: ControlBench;

beforeAll(async () => {
  authority = await createTestAuthority();
  lane = await authority.client('lane-1');
  const { cert, key } = await authority.server();
  server = createServer({ cert, key, ca: authority.cert, requestCert: true }, (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      const handler = handlers.length > 1 ? handlers.shift() : handlers[0];
      handler?.(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench = await openBench('exit');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await bench.dispose();
});
beforeEach(() => {
  handlers = [];
  seen.length = 0;
});

const port = () => (server.address() as AddressInfo).port;
const openClient = (change: Partial<RemoteControlOptions> = {}) =>
  openRemoteControl({
    side: 'exit',
    url: `https://127.0.0.1:${port()}`,
    tls: { ca: authority.cert, cert: lane.cert, key: lane.key },
    random: () => 0,
    ...change,
  });
const json =
  (status: number, value: unknown, type = 'application/json'): Handler =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(typeof value === 'string' ? value : JSON.stringify(value));
  };
const refuse = (code: Parameters<typeof problem>[0]): Handler => {
  const body = problem(code);
  return json(body.status, body, 'application/problem+json');
};
const decide: Handler = (request, response, body) =>
  json(200, unwrap(bench.control.handlePrepare(JSON.parse(body))))(request, response, body);
const reset: Handler = (request) => request.socket.destroy();
const hang: Handler = () => undefined;
/** A request of now: the client's own clock is the real one here. */
const requestNow = () => {
  const request = specimenRequest('exit');
  return { ...request, deadline: new Date(Date.now() + 10_000).toISOString() };
};
const never = () => new AbortController().signal;

describe('asking again', () => {
  test.each<readonly [string, Handler[]]>([
    ['after a connection that broke', [reset, decide]],
    ['after "not now"', [refuse('storeFailed'), refuse('tooManyRequests'), decide]],
    ['after a proxy’s own page', [json(502, '<html>bad gateway</html>', 'text/html'), decide]],
  ])('%s', async (_name, playing) => {
    handlers = playing;
    const client = openClient();
    const request = requestNow();
    expect(unwrap(await client.prepare(request, never()))).toMatchObject({
      body: { recordId: request.evidence.recordId },
    });
    // The very same bytes each time: what makes it idempotent.
    expect(new Set(seen.map(({ body, path }) => `${path} ${body}`)).size).toBe(1);
    await client.close();
  });

  test('a connection that hangs is given up for another one', async () => {
    handlers = [hang, decide];
    const clock = new FakeClock();
    const client = openClient({ clock, attemptTimeoutMs: 500 });
    const answer = client.prepare(specimenRequest('exit'), never());
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    clock.advance(500);
    // The back-off before the second attempt.
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    clock.advance(50);
    expect((await answer).ok).toBe(true);
    const waits = seen.map(({ headers }) => Number(headers['jointgate-deadline-ms']));
    expect(waits).toEqual([3_000, 2_450]);
    await client.close();
  });

  test('not for ever, and a final no is not asked again', async () => {
    handlers = [reset];
    const client = openClient({ maxAttempts: 3 });
    expect(await client.prepare(requestNow(), never())).toMatchObject({
      error: { code: 'controlUnreachable', detail: 'ECONNRESET' },
    });
    expect(seen).toHaveLength(3);
    handlers = [refuse('recordVoided')];
    expect(await client.prepare(requestNow(), never())).toMatchObject({ error: { detail: 'recordVoided' } });
    expect(seen).toHaveLength(4);
    await client.close();
  });
});

describe('a control that lies or is broken', () => {
  test.each<readonly [string, Handler, object]>([
    ['no JSON', json(200, '{"body":'), { code: 'controlAnswerInvalid', problem: 'malformed' }],
    ['a web page', json(200, '<html>', 'text/html'), { code: 'controlAnswerInvalid', problem: 'malformed' }],
    ['more than 1 MB', json(200, `"${'x'.repeat(1_100_000)}"`), { code: 'controlAnswerInvalid', problem: 'malformed' }],
    ['a fault', refuse('internalFault'), { code: 'controlUnreachable', detail: 'internalFault' }],
    ['a redirect', json(302, ''), { code: 'controlUnreachable', detail: 'http302' }],
    ['a problem of its own making', json(418, { code: 'teapot' }, 'application/problem+json'), { detail: 'http418' }],
  ])('%s', async (_name, handler, error) => {
    handlers = [handler];
    const client = openClient();
    expect(await client.prepare(requestNow(), never())).toMatchObject({ ok: false, error });
    await client.close();
  });

  test.each<readonly [string, (body: string) => unknown, string]>([
    [
      'signs with another key',
      (body) => signAnswer(unwrap(bench.control.handlePrepare(JSON.parse(body))).body, createSigningKey().key),
      'unknownKey',
    ],
    [
      'replays another record’s answer',
      () => unwrap(bench.control.handlePrepare(specimenRequest('exit'))),
      'foreignRecord',
    ],
    [
      'makes a refusal a clearance',
      (body) => {
        const answer = unwrap(bench.control.handlePrepare(JSON.parse(body)));
        return { ...answer, body: { ...answer.body, word: answer.body.word === 'clear' ? 'refuse' : 'clear' } };
      },
      'badSignature',
    ],
  ])('%s: the answer does not count', async (_name, answer, problemName) => {
    handlers = [(request, response, body) => json(200, answer(body))(request, response, body)];
    const client = openClient();
    const request = requestNow();
    const { keyId, publicKeyRaw } = bench.options.signingKey;
    const verified = verifyAnswer({
      answer: unwrap(await client.prepare(request, never())),
      side: 'exit',
      recordId: request.evidence.recordId,
      evidenceDigest: evidenceDigest(request.evidence),
      keys: [{ keyId, raw: publicKeyRaw }],
      nowMs: bench.clock.nowMs(),
      maxAgeMs: 5_000,
    });
    expect(verified).toMatchObject({ ok: false, error: { problem: problemName } });
    await client.close();
  });
});

test('a hung control costs the traveller the deadline and no more; the connection is closed', async () => {
  handlers = [hang];
  const closed = new Promise<void>((resolve) =>
    server.once('secureConnection', (socket) => socket.on('close', resolve)),
  );
  const clock = new FakeClock();
  const client = openClient({ clock, attemptTimeoutMs: 60_000 });
  const request = specimenRequest('exit');
  const asked = askBoth(
    { exit: client, entry: { ...client, side: 'entry' } },
    { exit: request, entry: { ...request, side: 'entry' } },
    { deadlineMs: 3_000, keys: { exit: [], entry: [] }, clock },
  );
  await vi.waitFor(() => expect(seen).toHaveLength(2));
  clock.advance(3_000);
  const { exit, entry } = await asked;
  expect([exit, entry]).toMatchObject([{ error: { code: 'controlTimeout' } }, { error: { code: 'controlTimeout' } }]);
  await closed;
  await client.close();
});

describe('whom the client trusts', () => {
  test('no server of another authority, and none that has another name', async () => {
    const other = await createTestAuthority('other');
    const foreign = openClient({ tls: { ca: other.cert, cert: lane.cert, key: lane.key }, maxAttempts: 1 });
    expect(await foreign.prepare(requestNow(), never())).toMatchObject({ error: { code: 'controlUnreachable' } });
    const named = openClient({
      tls: { ca: authority.cert, cert: lane.cert, key: lane.key, serverName: 'control.example' },
      maxAttempts: 1,
    });
    expect(await named.prepare(requestNow(), never())).toMatchObject({
      error: { detail: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
    expect(seen).toEqual([]);
    await foreign.close();
    await named.close();
  });

  test('no plain http', () => {
    expect(() => openClient({ url: 'http://127.0.0.1:1' })).toThrow(TypeError);
  });
});

test('a dead control is called dead at once, and is tried again later', async () => {
  const clock = new FakeClock();
  const client = openClient({ clock, maxAttempts: 1, breaker: { threshold: 2, coolDownMs: 2_000 } });
  handlers = [reset];
  for (const _ of [1, 2]) await client.prepare(specimenRequest('exit'), never());
  expect(await client.prepare(specimenRequest('exit'), never())).toMatchObject({ error: { detail: 'circuitOpen' } });
  expect(seen).toHaveLength(2);
  handlers = [decide];
  clock.advance(2_000);
  const request = specimenRequest('exit', { atMs: clock.nowMs() });
  expect((await client.prepare(request, never())).ok).toBe(true);
  await client.close();
});

test('notices carry the outbox’s key', async () => {
  handlers = [(_request, response) => void response.writeHead(204).end()];
  const client = openClient();
  const notice = specimenNotice('exit', 'commit', specimenRequest('exit').evidence.recordId);
  expect(await client.notify(notice, 'outbox:7', never())).toEqual({ ok: true, value: undefined });
  expect(seen[0]).toMatchObject({
    path: `/v1/crossings/${notice.recordId}/commit`,
    headers: { 'idempotency-key': 'outbox:7' },
  });
  await client.close();
});
