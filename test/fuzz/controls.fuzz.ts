/**
 * `npm run fuzz:controls`: damaged, foreign and hostile requests on every route of a control server, over HTTPS with mutual TLS.
 * No 500, every refusal a coded problem without a stack, and nothing written but what was answered. `--requests=100000`,
 * `--seed=1`. Figures: `out/fuzz/controls.json`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { openReadOnlyCounts } from '../../app/controls/embedded/counts.fixture.ts';
import { PROBLEM_MEDIA_TYPE, problemSchema } from '../../app/controls/protocol/problems.ts';
import { MAX_BODY_BYTES, ROUTES, type Route, type RouteName } from '../../app/controls/protocol/routes.ts';
import { openServerBench } from '../../app/controls/server/server-bench.ts';
import { openBench, specimenNotice, specimenRequest } from '../../app/controls/test-kit.ts';
import { Dice } from './mutate.ts';

const option = (name: string, usual: number): number =>
  Number(process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? usual);
const REQUESTS = option('requests', 100_000);
const SEED = option('seed', 1);
const CLIENTS = 8;

interface Shot {
  readonly name: RouteName;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
}

/** Repeatable: the same seed asks the same. */
const seeded = new Dice(SEED);
const dice = (below: number): number => seeded.below(below);
const pick = <T>(from: readonly T[]): T => from[dice(from.length)] as T;
const uuid = (): string => `${[8, 4].map(hex).join('-')}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
function hex(length: number): string {
  return Array.from({ length }, () => dice(16).toString(16)).join('');
}

const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  2 ** 53,
  '',
  'x'.repeat(5_000),
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  "'; DROP TABLE crossings; --",
  '$' + '{jndi:ldap://x}',
  '<script>',
  '2026-02-30T25:61:61Z',
  '9999999999-01-01T00:00:00Z',
  [],
  {},
  { __proto__: { polluted: true } },
  Array.from({ length: 200 }, () => 'x'),
];

/** One place of a JSON value is taken out, doubled, or put something else into. */
function damage(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || dice(4) === 0) return pick(HOSTILE);
    const at = dice(value.length);
    return value.map((item, index) => (index === at ? damage(item) : item));
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    const key = pick(keys);
    const entries = Object.entries(value);
    switch (dice(6)) {
      case 0:
        return Object.fromEntries(entries.filter(([name]) => name !== key));
      case 1:
        return { ...value, [pick(['constructor', 'admin', 'toString', '']) + dice(9)]: pick(HOSTILE) };
      default:
        return Object.fromEntries(entries.map(([name, item]) => [name, name === key ? damage(item) : item]));
    }
  }
  return pick(HOSTILE);
}

/** Bytes are flipped, cut or doubled; what comes out is mostly no JSON. */
function damageBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  switch (dice(3)) {
    case 0:
      return bytes.subarray(0, dice(bytes.length));
    case 1:
      return Buffer.concat([bytes, bytes.subarray(dice(bytes.length))]);
    default:
      for (let flips = 1 + dice(8); flips > 0; flips--) bytes[dice(bytes.length)] = dice(256);
      return bytes;
  }
}

function shot(): Shot {
  const name = pick(Object.keys(ROUTES) as RouteName[]);
  const route: Route = ROUTES[name];
  const recordId = uuid();
  const valid: unknown =
    name === 'prepare'
      ? specimenRequest('entry', { recordId })
      : route.body === null
        ? null
        : specimenNotice('entry', name as 'commit', recordId);
  const headers: Record<string, string> = {
    ...(route.body === null ? {} : { 'content-type': 'application/json' }),
    ...Object.fromEntries(Object.keys(route.headers).map((header) => [header, '3000'])),
  };
  const kind = dice(12);
  const spoilt = Object.keys(headers).length > 0 ? pick(Object.keys(headers)) : null;
  if (kind === 0 && spoilt !== null) delete headers[spoilt];
  if (kind === 1 && spoilt !== null)
    headers[spoilt] = pick(['', '0', '-1', 'x'.repeat(300), '9'.repeat(40), 'application/xml', 'text/plain']);
  const id =
    kind === 2
      ? pick(['x', '%00', '..%2f..', recordId.toUpperCase(), uuid(), 'a'.repeat(500), '%zz', '%f0%9f%92%a9'])
      : recordId;
  const path =
    kind === 3
      ? pick([
          '/',
          '/v1',
          '/v2/keys',
          '/v1/crossings',
          `/v1/crossings/${id}/prepare/`,
          `/v1/crossings//void`,
          '/v1/keys?x=1&x[]=2',
        ])
      : route.path.replace('{id}', id);
  const method = kind === 4 ? pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) : route.method;
  return { name, method, path, headers, body: valid === null ? null : bodyOf(valid, kind) };
}

function bodyOf(valid: unknown, kind: number): Buffer {
  if (kind === 5) return damageBytes(JSON.stringify(valid));
  // A megabyte is sent now and then only: the machine has better things to do.
  if (kind === 6 && dice(100) === 0) return Buffer.alloc(MAX_BODY_BYTES + 1 + dice(1_000), 'a');
  if (kind === 7) return Buffer.from(JSON.stringify({ ...(valid as object), version: pick([0, 2, '1', null]) }));
  if (kind === 8) return Buffer.from(pick(['null', '[]', '""', '{', '[['.repeat(500), '{"__proto__":1}', '1e999']));
  if (kind <= 4) return Buffer.from(JSON.stringify(valid));
  let spoilt = valid;
  for (let times = 1 + dice(3); times > 0; times--) spoilt = damage(spoilt);
  return Buffer.from(JSON.stringify(spoilt) ?? 'null');
}

const bench = await openBench('entry');
const served = await openServerBench(bench);
const before = openReadOnlyCounts(bench.dataDir, 'entry');
const { ca, cert, key } = { ca: served.authority.cert, cert: served.lane.cert, key: served.lane.key };
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS, ca, cert, key });

function send({ method, path, headers, body }: Shot): Promise<Answer> {
  // Now and then without its length: to the server, the body of a GET is then the next request, and garbage.
  const length = body === null || dice(200) === 0 ? {} : { 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const options = {
      method,
      agent,
      host: '127.0.0.1',
      port: served.server.port,
      path,
      headers: { ...headers, ...length },
    };
    const request = httpsRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const mediaType = (response.headers['content-type'] ?? '').split(';')[0] ?? '';
        resolve({ status: response.statusCode ?? 0, mediaType, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

const byStatus: Record<string, number> = {};
const byRoute: Record<string, number> = {};
const flaws: string[] = [];
/** What a positive answer may have written: a crossing, and a notice. */
const mayBeWritten = { crossings: 0, notices: 0, alarms: 0 };
let cut = 0;
let sent = 0;

function judge(one: Shot, answer: Answer): void {
  const { status, mediaType, text } = answer;
  const say = (what: string): void => void flaws.push(`${one.method} ${one.path.slice(0, 80)}: ${status} ${what}`);
  byStatus[status] = (byStatus[status] ?? 0) + 1;
  if (status >= 500) say('a fault');
  if (/\n\s+at |node_modules|\.ts:\d/.test(text)) say('a stack');
  if (status < 300) {
    if (one.method === 'POST') mayBeWritten.crossings += 1;
    if (status === 204) mayBeWritten.notices += 1;
    if (status === 204) mayBeWritten.alarms += 1;
  } else if (status === 409) mayBeWritten.alarms += 1;
  else if (status === 400 && one.name === 'receipt') mayBeWritten.alarms += 1;
  if (status < 400 || one.method === 'HEAD') return;
  const problem = mediaType === PROBLEM_MEDIA_TYPE ? problemSchema.safeParse(JSON.parse(text)) : null;
  if (!problem?.success || problem.data.status !== status) say('no coded problem');
}

const startedMs = performance.now();
async function client(): Promise<void> {
  while (sent < REQUESTS && flaws.length < 20) {
    sent += 1;
    const one = shot();
    byRoute[one.name] = (byRoute[one.name] ?? 0) + 1;
    try {
      judge(one, await send(one));
    } catch (cause) {
      // Node's own parser refuses some headers before they are sent, and the server cuts what is too large in the middle.
      cut += 1;
      if (
        cause instanceof Error &&
        !/ECONNRESET|EPIPE|INVALID_CHAR|UNESCAPED|^HPE_/.test(`${(cause as NodeJS.ErrnoException).code}`)
      )
        flaws.push(String(cause));
    }
  }
}
await Promise.all(Array.from({ length: CLIENTS }, client));
const seconds = (performance.now() - startedMs) / 1_000;

const after = openReadOnlyCounts(bench.dataDir, 'entry');
const grown = (table: keyof typeof mayBeWritten): number => (after[table] ?? 0) - (before[table] ?? 0);
for (const table of ['crossings', 'notices', 'alarms'] as const) {
  // A request whose answer was cut off may have been carried out.
  if (grown(table) > mayBeWritten[table] + cut)
    flaws.push(`${grown(table)} rows of ${table}, ${mayBeWritten[table]} answers that allow one`);
}
for (const table of ['holders', 'endorsements', 'watchlist', 'rule_changes'] as const) {
  if (after[table] !== before[table]) flaws.push(`${table} were changed`);
}
if (served.faults.length > 0) flaws.push(`${served.faults.length} faults inside: ${String(served.faults[0])}`);
if ('polluted' in {}) flaws.push('the prototype of all objects was changed');
// It still serves.
const last = await send({ name: 'keys', method: 'GET', path: '/v1/keys', headers: {}, body: null });
if (last.status !== 200) flaws.push('it does not serve any more');
agent.destroy();
await served.server.close();
await bench.dispose();

mkdirSync('out/fuzz', { recursive: true });
const report = {
  at: new Date().toISOString(),
  seed: SEED,
  requests: sent,
  seconds: Math.round(seconds),
  cut,
  byStatus,
  byRoute,
  flaws,
};
writeFileSync('out/fuzz/controls.json', `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(
  `${sent} requests in ${Math.round(seconds)} s, by status ${JSON.stringify(byStatus)}, ${cut} cut, ${flaws.length} flaws\n`,
);
for (const flaw of flaws.slice(0, 20)) process.stdout.write(`  ${flaw}\n`);
process.exit(flaws.length === 0 ? 0 : 1);
