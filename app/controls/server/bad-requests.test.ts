import { request as httpsRequest } from 'node:https';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { openReadOnlyCounts } from '../embedded/counts.fixture.ts';
import { PROBLEM_MEDIA_TYPE, problemSchema } from '../protocol/problems.ts';
import { MAX_BODY_BYTES, ROUTES, type Route } from '../protocol/routes.ts';
import type { TestCertificate } from '../test-certificates.ts';
import { type ControlBench, openBench, specimenNotice, specimenRequest } from '../test-kit.ts';
import { openServerBench, type ServerBench } from './server-bench.ts';

let bench: ControlBench;
let served: ServerBench;
beforeAll(async () => {
  bench = await openBench('entry');
  served = await openServerBench(bench);
});
afterAll(async () => {
  await served.server.close();
  await bench.dispose();
});

interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
}

interface Wish {
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: Pick<TestCertificate, 'cert' | 'key'> | null;
}

function send(route: Route, { path, body, headers = {}, as = served.lane }: Wish): Promise<Answer> {
  const { method } = route;
  const tls = {
    ca: served.authority.cert,
    ...(as === null ? {} : { cert: as.cert, key: as.key }),
    agent: false as const,
  };
  const url = `https://127.0.0.1:${served.server.port}${path ?? route.path.replace('{id}', RECORD)}`;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { method, headers: { ...good(route), ...headers }, ...tls }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const mediaType = (response.headers['content-type'] ?? '').split(';')[0] ?? '';
        resolve({ status: response.statusCode ?? 0, mediaType, text });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

const RECORD = '0b9f3a52-6f0e-4f0e-9a52-6f0e4f0e9a52';

/** The headers of a request against which nothing speaks. */
function good(route: Route): Record<string, string> {
  return {
    ...(route.body === null ? {} : { 'content-type': 'application/json' }),
    ...Object.fromEntries(
      Object.entries(route.headers).flatMap(([name, { required }]) => (required ? [[name, '3000']] : [])),
    ),
  };
}

const valid = (route: Route): unknown =>
  route.operationId === 'prepare'
    ? specimenRequest('entry', { recordId: RECORD })
    : specimenNotice('entry', route.operationId as 'commit', RECORD);

async function expectProblem(answer: Answer, codes: readonly string[]): Promise<void> {
  expect(answer.mediaType).toBe(PROBLEM_MEDIA_TYPE);
  const problem = problemSchema.parse(JSON.parse(answer.text));
  expect(codes).toContain(problem.code);
  expect(problem.status).toBe(answer.status);
  // No stack, no file name of ours, no value of the request.
  expect(answer.text).not.toMatch(/ at |\.ts|node_modules|C12345678|SPECIMEN/);
}

describe.each(Object.entries<Route>(ROUTES))('%s', (_name, route) => {
  const nothingWritten = async (work: () => Promise<void>): Promise<void> => {
    const before = openReadOnlyCounts(bench.dataDir, 'entry');
    await work();
    expect(openReadOnlyCounts(bench.dataDir, 'entry')).toEqual(before);
  };

  test('without a certificate there is no HTTP; one of another authority is as good as none', async () => {
    await nothingWritten(async () => {
      await expect(send(route, { as: null, body: JSON.stringify(valid(route)) })).rejects.toThrow();
    });
  });

  test('a certificate of a lane that may not ask', async () => {
    const other = await served.authority.client('lane-9');
    await nothingWritten(async () => {
      const body = route.body === null ? {} : { body: JSON.stringify(valid(route)) };
      await expectProblem(await send(route, { ...body, as: other }), ['clientNotAllowed']);
    });
  });

  test('a path that is none', async () => {
    await nothingWritten(async () => {
      for (const path of [`${route.path.replace('{id}', RECORD)}/more`, '/v2/keys', '/%zz', `/${'a'.repeat(4_000)}`]) {
        await expectProblem(await send(route, { path }), ['notFound', 'requestMalformed', 'mediaTypeNotSupported']);
      }
    });
  });

  if (route.path.includes('{id}')) {
    test('an id that is no record', async () => {
      await nothingWritten(async () => {
        for (const id of ['x', '..%2f..%2fetc', "' OR 1=1 --".replaceAll(' ', '%20'), '%00', RECORD.slice(1)]) {
          const body = route.body === null ? {} : { body: JSON.stringify(valid(route)) };
          const answer = await send(route, { ...body, path: route.path.replace('{id}', id) });
          await expectProblem(answer, ['requestMalformed', 'recordMismatch', 'notFound']);
        }
      });
    });
  }

  if (route.body !== null) {
    const changed = (change: object): string => JSON.stringify({ ...(valid(route) as object), ...change });
    test.each<readonly [string, () => Wish, readonly string[]]>([
      ['no JSON', () => ({ body: '{"version":1,' }), ['requestMalformed']],
      ['nothing', () => ({ body: '' }), ['requestMalformed']],
      ['null', () => ({ body: 'null' }), ['requestMalformed']],
      ['a list', () => ({ body: '[]' }), ['requestMalformed']],
      ['another schema', () => ({ body: '{"hello":"there"}' }), ['requestMalformed']],
      ['a field more', () => ({ body: changed({ admin: true }) }), ['requestMalformed']],
      ['a poisoned prototype', () => ({ body: `{"__proto__":{"x":1},${changed({}).slice(1)}` }), ['requestMalformed']],
      ['another version', () => ({ body: changed({ version: 2 }) }), ['requestMalformed']],
      ['the other side’s', () => ({ body: changed({ side: 'exit' }) }), ['wrongSide']],
      ['one byte over a megabyte', () => ({ body: `"${'a'.repeat(MAX_BODY_BYTES - 1)}"` }), ['requestTooLarge']],
      [
        'no JSON media type',
        () => ({ body: changed({}), headers: { 'content-type': 'text/plain' } }),
        ['mediaTypeNotSupported'],
      ],
      [
        'a header that is none',
        () => ({
          body: changed({}),
          headers: Object.fromEntries(Object.keys(route.headers).map((name) => [name, '!'])),
        }),
        ['requestMalformed'],
      ],
      ['nested without end', () => ({ body: '['.repeat(100_000) }), ['requestMalformed']],
    ])('%s', async (_what, wish, codes) => {
      await nothingWritten(async () => expectProblem(await send(route, wish()), codes));
    });

    test('a request of another record under this path', async () => {
      await nothingWritten(async () => {
        const path = route.path.replace('{id}', '1c8e2b41-5e1d-4e1d-8b41-5e1d4e1d8b41');
        await expectProblem(await send(route, { path, body: changed({}) }), ['recordMismatch']);
      });
    });
  }
});

test('bytes that are no HTTP get a coded problem too', async () => {
  const { authority, lane, server } = served;
  const socket = connect({ host: '127.0.0.1', port: server.port, ca: authority.cert, cert: lane.cert, key: lane.key });
  socket.write('HELLO THERE\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head).toContain(PROBLEM_MEDIA_TYPE);
  await expectProblem({ status: 400, mediaType: PROBLEM_MEDIA_TYPE, text: body }, ['requestMalformed']);
});

test('a request that is played again is answered as before and written once; with other contents it is refused', async () => {
  const request = specimenRequest('entry');
  const { recordId } = request.evidence;
  const path = (step: string): string => `/v1/crossings/${recordId}/${step}`;
  const prepare = () => send(ROUTES.prepare, { path: path('prepare'), body: JSON.stringify(request) });
  const first = await prepare();
  const before = openReadOnlyCounts(bench.dataDir, 'entry');
  expect(await prepare()).toEqual(first);
  expect(openReadOnlyCounts(bench.dataDir, 'entry')).toEqual(before);
  const notice = specimenNotice('entry', 'void', recordId);
  const tell = (detail: Record<string, unknown> | null) =>
    send(ROUTES.void, { path: path('void'), body: JSON.stringify({ ...notice, detail }) });
  expect((await tell(null)).status).toBe(204);
  const told = openReadOnlyCounts(bench.dataDir, 'entry');
  expect((await tell(null)).status).toBe(204);
  expect(openReadOnlyCounts(bench.dataDir, 'entry')).toEqual(told);
  await expectProblem(await tell({ code: 'other' }), ['noticeChanged']);
  await expectProblem(await prepare(), ['recordVoided']);
  expect(unwrap(bench.control.stateOf(recordId))).toBe('voided');
  expect(served.faults).toEqual([]);
});
