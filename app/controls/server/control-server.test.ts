import { request as httpsRequest, type RequestOptions } from 'node:https';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import openApi from '../protocol/openapi.json' with { type: 'json' };
import { problemSchema } from '../protocol/problems.ts';
import { createTestAuthority, type TestCertificate } from '../test-certificates.ts';
import { type ControlBench, openBench, specimenNotice, specimenRequest } from '../test-kit.ts';
import { openServerBench, type ServerBench } from './server-bench.ts';

let bench: ControlBench;
let served: ServerBench;
beforeAll(async () => {
  bench = await openBench('exit');
  served = await openServerBench(bench);
});
afterAll(async () => {
  await served.server.close();
  await bench.dispose();
});

interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly retryAfter: string | undefined;
}

function send(method: string, path: string, body: string | null, change: RequestOptions = {}): Promise<Got> {
  const { lane, authority, server } = served;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port: server.port,
        method,
        path,
        ca: authority.cert,
        cert: lane.cert,
        key: lane.key,
        agent: false,
        ...change,
        headers: {
          'content-type': 'application/json',
          'jointgate-deadline-ms': '2000',
          'idempotency-key': 'k1',
          ...(change.headers as Record<string, string>),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text,
            retryAfter: response.headers['retry-after'],
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

async function expectProblem(got: Promise<Got>, status: number, code: string): Promise<void> {
  const { status: found, type, text } = await got;
  expect([found, type, problemSchema.parse(JSON.parse(text)).code]).toEqual([status, 'application/problem+json', code]);
  expect(text).not.toMatch(/\bat .*\.[jt]s|node_modules|Error:/);
}

const prepare = specimenRequest('exit');
const { recordId } = prepare.evidence;
const PATH = `/v1/crossings/${recordId}`;
const json = JSON.stringify;

describe('who may ask', () => {
  const keys = (certificate: Partial<TestCertificate>) =>
    send('GET', '/v1/keys', null, { cert: certificate.cert, key: certificate.key });

  test('nobody without a certificate, nor with one of another authority: no HTTP at all', async () => {
    const stranger = await (await createTestAuthority('test authority')).client('lane-1');
    await expect(keys({})).rejects.toThrow();
    await expect(keys(stranger)).rejects.toThrow();
  });

  test('no other client of the same authority', async () => {
    await expectProblem(keys(await served.authority.client('lane-2')), 403, 'clientNotAllowed');
  });

  test('no certificate that is made for servers', async () => {
    await expect(keys(await served.authority.server())).rejects.toThrow();
  });

  test('nobody with TLS 1.1', async () => {
    const { lane, authority, server } = served;
    const failed = new Promise((resolve, reject) => {
      const options = { port: server.port, host: '127.0.0.1', ca: authority.cert, cert: lane.cert, key: lane.key };
      connect({ ...options, maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' }, () => reject(new Error('connected'))).on(
        'error',
        resolve,
      );
    });
    await expect(failed).resolves.toBeInstanceOf(Error);
  });
});

describe('what is refused, in words and without a trace', () => {
  test.each<readonly [string, string, string, string | null, RequestOptions, number, string]>([
    ['not JSON', 'POST', `${PATH}/prepare`, '{"a":', {}, 400, 'requestMalformed'],
    ['nothing', 'POST', `${PATH}/prepare`, null, {}, 400, 'requestMalformed'],
    ['null', 'POST', `${PATH}/prepare`, 'null', {}, 400, 'requestMalformed'],
    ['a prototype', 'POST', `${PATH}/prepare`, '{"__proto__":{"a":1}}', {}, 400, 'requestMalformed'],
    ['another version', 'POST', `${PATH}/prepare`, json({ ...prepare, version: 2 }), {}, 400, 'requestMalformed'],
    ['an unknown field', 'POST', `${PATH}/prepare`, json({ ...prepare, more: 1 }), {}, 400, 'requestMalformed'],
    [
      'no deadline',
      'POST',
      `${PATH}/prepare`,
      json(prepare),
      { headers: { 'jointgate-deadline-ms': '-1' } },
      400,
      'requestMalformed',
    ],
    [
      'another record',
      'POST',
      `/v1/crossings/${crypto.randomUUID()}/prepare`,
      json(prepare),
      {},
      400,
      'recordMismatch',
    ],
    [
      'another step',
      'POST',
      `${PATH}/void`,
      json(specimenNotice('exit', 'commit', recordId)),
      {},
      400,
      'recordMismatch',
    ],
    [
      'no idempotency key',
      'POST',
      `${PATH}/void`,
      json(specimenNotice('exit', 'void', recordId)),
      { headers: { 'idempotency-key': '' } },
      400,
      'requestMalformed',
    ],
    ['the other side', 'POST', `${PATH}/prepare`, json({ ...prepare, side: 'entry' }), {}, 400, 'wrongSide'],
    [
      'text',
      'POST',
      `${PATH}/prepare`,
      'hello',
      { headers: { 'content-type': 'text/plain' } },
      415,
      'mediaTypeNotSupported',
    ],
    ['1 MB and a byte', 'POST', `${PATH}/prepare`, 'x'.repeat(1024 * 1024 + 1), {}, 413, 'requestTooLarge'],
    [
      'a long way below 1 MB, all the same too long',
      'POST',
      `${PATH}/prepare`,
      json({ filler: 'x'.repeat(900_000) }),
      {},
      413,
      'requestTooLarge',
    ],
    ['another path', 'GET', '/v2/keys', null, {}, 404, 'notFound'],
    ['another method', 'PUT', PATH, '{}', {}, 404, 'notFound'],
    ['a broken path', 'GET', '/v1/crossings/%zz', null, {}, 400, 'requestMalformed'],
    ['no record id', 'GET', '/v1/crossings/1', null, {}, 400, 'requestMalformed'],
  ])('%s', async (_name, method, path, body, change, status, code) => {
    await expectProblem(send(method, path, body, change), status, code);
    expect(unwrap(bench.control.stateOf(recordId))).toBeNull();
  });
});

test('the state of a record can be asked for', async () => {
  const request = specimenRequest('exit');
  const path = `/v1/crossings/${request.evidence.recordId}`;
  expect(JSON.parse((await send('GET', path, null)).text)).toMatchObject({ state: null });
  expect((await send('POST', `${path}/prepare`, json(request))).status).toBe(200);
  expect(JSON.parse((await send('GET', path, null)).text)).toMatchObject({ state: 'prepared' });
  expect(
    (await send('POST', `${path}/void`, json(specimenNotice('exit', 'void', request.evidence.recordId)))).status,
  ).toBe(204);
  expect(JSON.parse((await send('GET', path, null)).text)).toMatchObject({ state: 'voided' });
});

test('a client that asks too often is told to wait, and is served again after it', async () => {
  const limited = await openServerBench(bench, { rate: { perSecond: 1, burst: 2 } });
  const ask = () =>
    send('GET', '/v1/keys', null, {
      port: limited.server.port,
      ca: limited.authority.cert,
      cert: limited.lane.cert,
      key: limited.lane.key,
    });
  try {
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = ask();
    await expectProblem(refused, 429, 'tooManyRequests');
    expect((await refused).retryAfter).toBe('1');
    bench.clock.advance(1_000);
    expect((await ask()).status).toBe(200);
  } finally {
    await limited.server.close();
  }
});

test('a bug in the control is told to its operator, and to the client only that there is one', async () => {
  const takePrepare = async () => {
    throw new TypeError('SECRET detail');
  };
  const broken = await openServerBench(bench, { control: { ...bench.control, takePrepare } });
  const { lane, authority, server } = broken;
  const tls = { port: server.port, ca: authority.cert, cert: lane.cert, key: lane.key };
  try {
    const answered = send('POST', `${PATH}/prepare`, json(prepare), tls);
    await expectProblem(answered, 500, 'internalFault');
    expect((await answered).text).not.toContain('SECRET');
    expect(broken.faults).toHaveLength(1);
  } finally {
    await server.close();
  }
});

test('a request that never ends is cut off, and others are served meanwhile', async () => {
  const impatient = await openServerBench(bench, { requestTimeoutMs: 200 });
  const { lane, authority, server } = impatient;
  const socket = connect({ port: server.port, host: '127.0.0.1', ca: authority.cert, cert: lane.cert, key: lane.key });
  try {
    const ended = new Promise<void>((resolve) => {
      socket
        .on('error', () => resolve())
        .on('end', () => resolve())
        .on('close', () => resolve());
    });
    socket.resume();
    socket.write(
      `POST ${PATH}/prepare HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{`,
    );
    const client = impatient.openClient();
    expect((await client.keys()).ok).toBe(true);
    await client.close();
    await ended;
  } finally {
    socket.destroy();
    await impatient.server.close();
  }
}, 40_000);

test('thousands of damaged requests: never a 500, never a clearance', async () => {
  const base = json(prepare);
  const damage = fc.record({
    at: fc.nat(base.length - 1),
    cut: fc.nat(40),
    put: fc.string({ unit: 'binary', maxLength: 12 }),
    path: fc.constantFrom('prepare', 'commit', 'void', 'receipt', 'nothing', ''),
    method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT'),
  });
  const { default: https } = await import('node:https');
  const agent = new https.Agent({ keepAlive: true, maxSockets: 8 });
  const statuses = new Set<number>();
  const batch = async (cases: readonly { at: number; cut: number; put: string; path: string; method: string }[]) => {
    const all = cases.map(async ({ at, cut, put, path, method }) => {
      const body = base.slice(0, at) + put + base.slice(at + cut);
      const got = await send(method, `${PATH}/${path}`, method === 'GET' ? null : body, { agent });
      statuses.add(got.status);
      expect(got.status, body).toBeLessThan(500);
      // Damage inside a string may leave a valid request; then it must be our record or a refusal, nothing else.
      if (got.status === 200) expect(JSON.parse(got.text).body.recordId).toBe(recordId);
      else if (got.status !== 204) problemSchema.parse(JSON.parse(got.text));
    });
    await Promise.all(all);
  };
  const samples = fc.sample(damage, { numRuns: 3_000, seed: 20260302 });
  for (let from = 0; from < samples.length; from += 50) await batch(samples.slice(from, from + 50));
  agent.destroy();
  expect(served.faults).toEqual([]);
  expect(statuses).toContain(400);
}, 60_000);

describe('the OpenAPI document in the repository', () => {
  const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { responses: Record<string, unknown> }>).map(
      ([method, { responses }]) => [method.toUpperCase(), path, Object.keys(responses).map(Number)] as const,
    ),
  );

  test.each(operations)('%s %s is served as it says', async (method, path, statuses) => {
    const request = specimenRequest('exit');
    const { recordId: id } = request.evidence;
    const step = path.split('/').at(-1) ?? '';
    const good = step === 'prepare' ? request : specimenNotice('exit', step as 'void', id);
    const url = path.replace('{id}', id);
    const answered = await send(method, url, method === 'GET' ? null : json(good));
    expect([200, 204]).toContain(answered.status);
    expect(statuses).toContain(answered.status);
    if (method === 'GET') return;
    for (const bad of ['{', json({ ...good, side: 'entry' }), json({ ...good, version: 9 })]) {
      expect(statuses).toContain((await send(method, url, bad)).status);
    }
  });
});
