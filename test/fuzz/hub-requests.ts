import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import {
  actionReplySchema,
  auditCallSchema,
  CONSOLE_PATHS,
  journalUploadSchema,
  LANE_PATHS,
  laneViewsSchema,
  outboxMarksSchema,
  putDocumentSchema,
  registerLifeSchema,
} from '../../app/contract/hub-protocol.ts';
import { consoleRequestSchema } from '../../app/contract/supervisor-console.ts';
import { asked, identified, opening, traveller, verified } from '../../app/record/crossing.fixture.ts';
import { keepMaterialSchema, openRecordSchema, recordStepsSchema } from '../../app/record/remote/wire.ts';

export interface FuzzedRequest {
  readonly door: 'lane' | 'console';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** One route as it should be asked: `body` makes a good one, `schema` says whether a damaged one is good all the same. */
export interface FuzzedRoute {
  readonly door: 'lane' | 'console';
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body: (() => unknown) | null;
  readonly schema: z.ZodType | null;
}

const who = traveller();
const record = opening(who, randomUUID(), 'lane-1');
const hash = 'a'.repeat(64);
const lane = (
  method: FuzzedRoute['method'],
  path: string,
  schema: z.ZodType | null = null,
  body: (() => unknown) | null = null,
): FuzzedRoute => ({ door: 'lane', method, path, body, schema });
const desk = (
  method: FuzzedRoute['method'],
  path: string,
  schema: z.ZodType | null = null,
  body: (() => unknown) | null = null,
): FuzzedRoute => ({ door: 'console', method, path, body, schema });

export const FUZZED_ROUTES: readonly FuzzedRoute[] = [
  lane('POST', LANE_PATHS.life, registerLifeSchema, () => ({ version: 1, software: 'fuzz' })),
  lane('POST', LANE_PATHS.records, openRecordSchema, () => record),
  lane('POST', LANE_PATHS.steps, recordStepsSchema, () => ({
    steps: [
      { step: 'append', fact: identified(who) },
      { step: 'append', fact: verified },
      { step: 'append', fact: asked(who, record, new Date(0)) },
      { step: 'commit' },
      { step: 'end', ending: { type: 'passed', passagesAfter: 3 } },
    ],
  })),
  lane('PUT', LANE_PATHS.material, keepMaterialSchema, () => ({
    sealed: { keyId: 'k', ephemeral: 'abc', nonce: 'abc', box: 'abc' },
  })),
  lane('POST', LANE_PATHS.audit, auditCallSchema, () => ({
    key: randomUUID(),
    entry: { event: 'laneStarted', recordId: null, owner: 'port', facts: { version: '1' } },
  })),
  lane('POST', LANE_PATHS.outboxMarks, outboxMarksSchema, () => ({
    delivered: [1],
    failed: [2],
    refused: [{ id: 3, code: 'noticeChanged' }],
  })),
  lane('POST', LANE_PATHS.journal, journalUploadSchema, () => ({
    entries: [
      { seq: 1, at: '2026-03-01T08:00:00.000Z', type: 'audit', record_id: null, payload: '{}', prev_hash: hash, hash },
    ],
  })),
  lane('PUT', LANE_PATHS.views, laneViewsSchema, () => ({ views: [] })),
  lane('POST', LANE_PATHS.actionReply, actionReplySchema, () => ({ reply: { ok: true, value: { type: 'done' } } })),
  ...[
    LANE_PATHS.live,
    LANE_PATHS.record,
    LANE_PATHS.material,
    `${LANE_PATHS.outbox}?side=exit&limit=10`,
    `${LANE_PATHS.figures}?since=2026-03-01T08:00:00.000Z`,
    LANE_PATHS.documents,
    LANE_PATHS.document,
    LANE_PATHS.journalHead,
    LANE_PATHS.outcome,
    LANE_PATHS.keys,
    `${LANE_PATHS.actions}?after=1&waitMs=0`,
  ].map((path) => lane('GET', path)),
  desk('POST', CONSOLE_PATHS.requests, consoleRequestSchema, () => ({
    type: 'signIn',
    officer: 'EX001',
    pin: '481516',
    newPin: null,
  })),
  desk('POST', CONSOLE_PATHS.requests, consoleRequestSchema, () => ({
    type: 'act',
    laneId: 'lane-1',
    action: { type: 'setService', inService: false },
  })),
  desk('PUT', CONSOLE_PATHS.document, putDocumentSchema, () => ({ basedOn: 0, content: { a: [1, 2, 3] } })),
  desk('GET', CONSOLE_PATHS.documents),
  desk('GET', CONSOLE_PATHS.document),
];

export type Random = () => number;
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

/** A request of this route with something wrong in it; null when by chance nothing is. */
export function damaged(route: FuzzedRoute, life: number, random: Random): FuzzedRequest | null {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (route.door === 'lane') headers['jointgate-life'] = `${life}`;
  else headers['jointgate-console'] = '1';
  let { method, path }: { method: string; path: string } = route;
  path = path.replace(/:(\w+)/g, (_all, name: string) => goodParameter(name));
  let body = route.body === null ? null : JSON.stringify(route.body());
  let wrong = false;
  const kind = random();
  if (kind < 0.1) {
    path = brokenPath(path, random);
    wrong = true;
  } else if (kind < 0.15) {
    method = pick(random, ['DELETE', 'PATCH', 'OPTIONS', 'PUT', 'POST', 'GET', 'HEAD']);
    wrong = method !== route.method && !(method === 'HEAD' && route.method === 'GET');
  } else if (kind < 0.25) {
    headers['jointgate-life'] = pick(random, ['', '0', '-1', '99999999999', 'x', '1e3', `${life - 1}`]);
    delete headers['jointgate-console'];
    wrong = route.path !== LANE_PATHS.life;
  } else if (kind < 0.3) {
    headers['content-type'] = pick(random, ['text/plain', 'application/xml', 'multipart/form-data', 'x']);
    wrong = body !== null;
  }
  if (body !== null && (!wrong || random() < 0.3)) {
    body = random() < 0.5 ? brokenText(body, random) : brokenValue(JSON.parse(body) as object, random);
    wrong ||= !isGood(route.schema, body);
  }
  if (method === 'GET' || method === 'HEAD') body = null;
  // Questions change nothing, whatever is wrong with them.
  return wrong || route.method === 'GET' ? { door: route.door, method, path, headers, body } : null;
}

function goodParameter(name: string): string {
  const good: Record<string, string> = { kind: 'rules', name: 'exit.json', laneId: 'lane-1', actionId: '1' };
  return good[name] ?? randomUUID();
}

function isGood(schema: z.ZodType | null, body: string): boolean {
  try {
    return schema?.safeParse(JSON.parse(body)).success ?? false;
  } catch {
    return false;
  }
}

const HOSTILE = [
  '%00',
  '%zz',
  '..%2f..%2fetc',
  `'${'; DROP TABLE records'}`,
  '%F0%9F%92%A9',
  'a'.repeat(300),
  '-1',
  '%2e%2e',
  '{}',
];

function brokenPath(path: string, random: Random): string {
  const parts = path.split('/');
  parts[1 + Math.floor(random() * (parts.length - 1))] = encodeURI(pick(random, HOSTILE)).replace(/%25/g, '%');
  return parts.join('/');
}

/** Bytes taken out, put in or turned over. */
function brokenText(text: string, random: Random): string {
  const at = Math.floor(random() * text.length);
  const cut = Math.floor(random() * 30);
  const put = pick(random, [
    '',
    '"',
    '{',
    '}',
    '[',
    ',',
    '\\u0000',
    '\\ud800',
    '1e999',
    '-',
    '\u0000',
    '\ud83d\ude00',
    'null',
  ]);
  return text.slice(0, at) + put + text.slice(at + cut);
}

const VALUES: readonly unknown[] = [
  null,
  -1,
  1.5,
  2 ** 53,
  '',
  '\u0000',
  '\ud800',
  'x'.repeat(10_000),
  [],
  {},
  true,
  [[[[[]]]]],
  'K12345678',
  { $ne: 1 },
];

/** One place in the value gets something that does not belong there, goes missing, or gets company. */
function brokenValue(value: object, random: Random): string {
  const places: [object, string][] = [];
  const walk = (inner: object): void => {
    for (const [name, child] of Object.entries(inner)) {
      places.push([inner, name]);
      if (typeof child === 'object' && child !== null) walk(child as object);
    }
  };
  walk(value);
  const [holder, name] = pick(random, places.length === 0 ? [[value, 'x'] as [object, string]] : places);
  const target = holder as Record<string, unknown>;
  const kind = random();
  if (kind < 0.25) delete target[name];
  else if (kind < 0.4) target.surprise = pick(random, VALUES);
  else if (kind < 0.45) return JSON.stringify(value).replace('{', '{"__proto__":{"x":1},');
  else target[name] = pick(random, VALUES);
  return JSON.stringify(value);
}
