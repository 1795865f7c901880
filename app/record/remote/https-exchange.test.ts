import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestAuthority, type TestAuthority } from '../../controls/test-certificates.ts';
import { type HubConnection, type HubRequest, openConnection } from './https-exchange.ts';

let authority: TestAuthority;
let server: Server;
let url: string;
const seen: string[] = [];
/** Answers that wait until they are let go. */
const held: (() => void)[] = [];
let connections = 0;
const opened: HubConnection[] = [];

beforeAll(async () => {
  authority = await createTestAuthority('port authority');
  const { cert, key } = await authority.server();
  server = createServer({ cert, key, ca: authority.cert, requestCert: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      seen.push(`${request.method} ${request.url} ${request.headers['x-word'] ?? '-'} ${body}`);
      const answer = () => {
        response.setHeader('content-type', 'application/json; charset=utf-8');
        response.setHeader('etag', '"1"');
        response.end(`{"said":${JSON.stringify(body)}}`);
      };
      if (request.url === '/hold') held.push(answer);
      else if (request.url === '/cut') response.destroy();
      else if (request.url === '/once') response.setHeader('connection', 'close').end('x');
      else answer();
    });
  });
  server.on('secureConnection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 30_000);
afterAll(() => {
  for (const each of opened) each.close();
  server.closeAllConnections();
  server.close();
});

const ask = (change: Partial<HubRequest> = {}): HubRequest => ({
  method: 'POST',
  path: '/say',
  headers: { 'content-type': 'application/json' },
  body: '"澳門"',
  ...change,
});

async function connectionOf(from = authority, to = url): Promise<HubConnection> {
  const { cert, key } = await from.client('lane-1');
  const connection = openConnection(to, { ca: authority.cert, cert, key });
  opened.push(connection);
  return connection;
}

test('questions one after the other go over kept connections, with their words and their bytes', async () => {
  const connection = await connectionOf();
  const before = connections;
  const first = await connection.exchange(ask({ headers: { 'x-word': 'yes' } }), 5_000);
  expect(first).toMatchObject({ ok: true, value: { status: 200, etag: '"1"', mediaType: 'application/json' } });
  expect(first.ok && JSON.parse(first.value.body.toString('utf8'))).toEqual({ said: '"澳門"' });
  expect(seen.at(-1)).toBe('POST /say yes "澳門"');
  for (let turn = 0; turn < 10; turn += 1) await connection.exchange(ask({ method: 'GET', body: null }), 5_000);
  expect(seen.at(-1)).toBe('GET /say - ');
  // The pool may open a second one while the first is not quite idle; never one for each question.
  expect(connections).toBeLessThanOrEqual(before + 2);
});

test('at most eight at once; the others wait their turn and are all answered', async () => {
  const connection = await connectionOf();
  const before = connections;
  const all = Array.from({ length: 20 }, () => connection.exchange(ask({ path: '/hold' }), 20_000));
  await expect.poll(() => held.length, { timeout: 10_000 }).toBe(8);
  // One is let go at a time: whoever waits comes after it, on its connection.
  for (let told = 0; told < 20; told++) {
    await expect.poll(() => held.length, { timeout: 10_000 }).toBeGreaterThan(0);
    held.shift()?.();
  }
  expect((await Promise.all(all)).every((each) => each.ok)).toBe(true);
  expect(connections).toBe(before + 8);
});

test('an answer that does not come in time is lost, and so is one whose connection breaks; the next question is answered', async () => {
  const connection = await connectionOf();
  expect(await connection.exchange(ask({ path: '/hold' }), 300)).toEqual({
    ok: false,
    error: { code: 'lost', detail: 'TIMED_OUT' },
  });
  expect(await connection.exchange(ask({ path: '/cut' }), 5_000)).toMatchObject({ ok: false, error: { code: 'lost' } });
  expect(await connection.exchange(ask({ path: '/once' }), 5_000)).toMatchObject({ ok: true, value: { status: 200 } });
  expect(await connection.exchange(ask(), 5_000)).toMatchObject({ ok: true });
});

test('nobody there: not sent. A server of another authority: nothing is said to it', async () => {
  const { cert, key } = await authority.client('lane-1');
  const away = openConnection('https://127.0.0.1:1', { ca: authority.cert, cert, key });
  expect(await away.exchange(ask(), 5_000)).toEqual({ ok: false, error: { code: 'notSent', detail: 'ECONNREFUSED' } });
  const other = await createTestAuthority('another authority');
  const stranger = openConnection(url, { ca: other.cert, cert, key });
  const before = seen.length;
  expect((await stranger.exchange(ask(), 5_000)).ok).toBe(false);
  const misnamed = openConnection(url, { ca: authority.cert, cert, key, serverName: 'other.example' });
  expect(await misnamed.exchange(ask(), 5_000)).toMatchObject({
    ok: false,
    error: { detail: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  });
  expect(seen.length).toBe(before);
  expect(() => openConnection('http://127.0.0.1', { ca: '', cert, key })).toThrow(TypeError);
});

test('closed in the middle, every question has an answer; what would break a head is refused', async () => {
  const connection = await connectionOf();
  const all = Array.from({ length: 10 }, () => connection.exchange(ask({ path: '/hold' }), 20_000));
  connection.close();
  expect((await Promise.all(all)).every((each) => !each.ok)).toBe(true);
  const open = await connectionOf();
  const refused = { ok: false, error: { code: 'notSent', detail: 'UND_ERR_INVALID_ARG' } };
  expect(await open.exchange(ask({ path: '/a b' }), 1_000)).toEqual(refused);
  expect(await open.exchange(ask({ headers: { x: 'a\r\nb: c' } }), 1_000)).toEqual(refused);
});
