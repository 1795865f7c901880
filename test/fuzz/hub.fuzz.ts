import { Agent, request as httpsRequest } from 'node:https';
import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import { hubProblemSchema } from '../../app/contract/hub-problems.ts';
import { unwrap } from '../../app/contract/result.ts';
import { openPortBench } from '../../app/hub/hub-bench.fixture.ts';
import { openPortAccounts } from '../../app/officers/open-accounts.ts';
import { createControls } from '../../app/record/crossing.fixture.ts';
import { damaged, FUZZED_ROUTES, type FuzzedRequest } from './hub-requests.ts';

// `npm run fuzz:hub [-- --requests N --seed N]`: damaged requests on every route of both ports of a real hub over a real
// PostgreSQL. Each must be refused by a coded problem: no 500, no 503, no stack, no fault noted, and not one row written.

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '20261123' } },
});
const REQUESTS = Number(values.requests);
const SIDE_BY_SIDE = 12;

const bench = await openPortBench();
if (bench === null) process.exit(1);
await bench.freshDatabase();
const { host, port, user, database } = bench.connection;
const accounts = unwrap(
  await openPortAccounts(bench.folder, `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`),
);
const hub = await bench.openHub({
  controlKeys: createControls().keys,
  console: { host: '127.0.0.1', port: 0, accounts, pages: null, documentKey: null },
});
const tls = await bench.tls('lane-1');
const agents = {
  lane: new Agent({ keepAlive: true, maxSockets: SIDE_BY_SIDE, ...tls }),
  console: new Agent({ keepAlive: true, maxSockets: SIDE_BY_SIDE, ca: tls.ca }),
};
// Two lives, so that the first is an earlier one.
unwrap(await hub.parts.records.registerLife('lane-1', 'fuzz'));
const { life } = unwrap(await hub.parts.records.registerLife('lane-1', 'fuzz'));

let state = Number(values.seed);
/** mulberry32: the same requests for the same seed. */
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const before = await rowsOf();
const statuses = new Map<string, number>();
const failures: string[] = [];
let sent = 0;
const startedMs = performance.now();
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, attack));
await oversized();
const after = await rowsOf();
const seconds = (performance.now() - startedMs) / 1000;
if (JSON.stringify(before) !== JSON.stringify(after)) {
  failures.push(`something was written: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
}
for (const fault of bench.faults) failures.push(`a fault: ${fault instanceof Error ? fault.message : 'unknown'}`);
const figures = {
  requests: sent,
  routes: FUZZED_ROUTES.length,
  seconds: Math.round(seconds),
  statuses: Object.fromEntries([...statuses].sort()),
  failures: failures.slice(0, 20),
};
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
for (const agent of Object.values(agents)) agent.destroy();
await hub.close();
await accounts.close();
await bench.dispose();
process.exit(failures.length === 0 ? 0 : 1);

async function attack(): Promise<void> {
  while (sent < REQUESTS) {
    const route = FUZZED_ROUTES[Math.floor(random() * FUZZED_ROUTES.length)];
    const request = route === undefined ? null : damaged(route, life, random);
    if (request === null) continue;
    sent += 1;
    await judge(request);
  }
}

async function oversized(): Promise<void> {
  for (const route of FUZZED_ROUTES.filter(({ body }) => body !== null)) {
    const path = route.path.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000');
    const headers = { 'content-type': 'application/json', 'jointgate-life': `${life}`, 'jointgate-console': '1' };
    const body = JSON.stringify({ filler: 'x'.repeat(1024 * 1024) });
    await judge({ door: route.door, method: route.method, path, headers, body }, 413);
  }
}

async function judge(request: FuzzedRequest, expected: number | null = null): Promise<void> {
  const got = await send(request).catch((error: NodeJS.ErrnoException) => ({
    status: 0,
    type: '',
    text: error.code ?? '',
  }));
  const name = `${request.method} ${got.status}`;
  statuses.set(name, (statuses.get(name) ?? 0) + 1);
  const said = `${request.door} ${request.method} ${request.path} ${request.body?.slice(0, 200)} -> ${got.status} ${got.text.slice(0, 200)}`;
  // An answer to a question is no harm; whatever would change something must be refused.
  const harmless =
    request.method === 'GET' || request.method === 'HEAD' || request.path.startsWith('/console/v1/requests');
  if (expected !== null && got.status !== expected) failures.push(`not ${expected}: ${said}`);
  else if (got.status >= 500 || got.status === 0 || (got.status < 400 && !harmless)) failures.push(said);
  else if (got.status >= 400 && request.method !== 'HEAD' && !isProblem(got)) failures.push(`no problem: ${said}`);
  if (/\bat .*\.[jt]s:|node_modules|Error:/.test(got.text)) failures.push(`a stack: ${said}`);
}

function isProblem({ type, text }: { readonly type: string; readonly text: string }): boolean {
  return type === 'application/problem+json' && hubProblemSchema.safeParse(JSON.parse(text)).success;
}

function send({ door, method, path, headers, body }: FuzzedRequest) {
  return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const sending = httpsRequest(
      {
        agent: agents[door],
        host: '127.0.0.1',
        port: door === 'lane' ? hub.lanePort : (hub.consolePort ?? 0),
        method,
        path,
        headers: { ...headers, ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }) },
        timeout: 20_000,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sending.on('error', reject);
    sending.end(body ?? undefined);
  });
}

/** Rows of every table; but that the lane was seen is no harm, and refused sign-ins are noted in the port's chain. */
async function rowsOf(): Promise<Record<string, number>> {
  const pool = new Pool(bench!.connection);
  const counts: Record<string, number> = {};
  const { rows } = await pool.query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('public', 'officers')`,
  );
  for (const { name } of rows) {
    // Checkpoints come by the clock: the hub signs what a silent lane has left, once a minute.
    if (['public.hub_presence', 'officers.attempts', 'public.checkpoints'].includes(name)) continue;
    const filter = name === 'public.journal' ? `WHERE chain <> '.port'` : '';
    const found = await pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${name} ${filter}`);
    counts[name] = Number(found.rows[0]?.n);
  }
  delete counts['public.chains'];
  await pool.end();
  return counts;
}
