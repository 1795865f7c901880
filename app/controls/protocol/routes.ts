import { z } from 'zod';
import {
  base64UrlSchema,
  type ControlRelease,
  controlAnswerSchema,
  controlReleaseSchema,
  noticeSchema,
  prepareRequestSchema,
} from '../../contract/control-protocol.ts';
import { recordIdSchema, sideSchema } from '../../contract/crossing.ts';
import { CROSSING_STATES } from '../embedded/notice-rules.ts';
import type { ProblemCode } from './problems.ts';

/** The control protocol over HTTPS with mutual TLS, version 1: one table for the server, the client and the OpenAPI document. */

/** Milliseconds the caller will still wait; relative, so that clocks need not agree. */
export const DEADLINE_HEADER = 'jointgate-deadline-ms';
export const deadlineHeaderSchema = z.string().regex(/^[1-9]\d{0,5}$/);
/** Required on notices: the outbox's name for this notice, the same at every attempt. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';
export const idempotencyKeySchema = z.string().regex(/^[\w:.-]{1,128}$/);

/**
 * What this side's own officers have released, as JSON (`Release` of this document) in base64url. In a header, because a
 * control that does not know of it must go on deciding as ever.
 */
export const RELEASE_HEADER = 'jointgate-release';
export const releaseHeaderSchema = base64UrlSchema.max(8_192);
/** The body is the same as before there were releases. */
const prepareBodySchema = prepareRequestSchema.omit({ release: true });

export function releaseHeaderOf(release: ControlRelease): string {
  return Buffer.from(JSON.stringify(release), 'utf8').toString('base64url');
}

/** Null: not what `releaseHeaderOf` makes. */
export function readReleaseHeader(text: unknown): ControlRelease | null {
  const header = releaseHeaderSchema.safeParse(text);
  if (!header.success) return null;
  try {
    const read = controlReleaseSchema.safeParse(JSON.parse(Buffer.from(header.data, 'base64url').toString('utf8')));
    return read.success ? read.data : null;
  } catch {
    // Not JSON.
    return null;
  }
}

export const MAX_BODY_BYTES = 1024 * 1024;

export const keysSchema = z.strictObject({
  side: sideSchema,
  keys: z.array(z.strictObject({ keyId: z.string().max(64), raw: base64UrlSchema.length(43) })).max(8),
});

export const crossingStateSchema = z.strictObject({
  recordId: recordIdSchema,
  /** Null: this control was never asked about the record, or has erased it. */
  state: z.enum(CROSSING_STATES).nullable(),
});

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly headers: Readonly<Record<string, { readonly schema: z.ZodType; readonly required: boolean }>>;
  readonly body: z.ZodType | null;
  /** Null: 204 without content. */
  readonly answer: z.ZodType | null;
  readonly problems: readonly ProblemCode[];
}

/** Every route can answer these. */
const ALWAYS = ['clientNotAllowed', 'notFound', 'tooManyRequests', 'internalFault', 'storeFailed'] as const;
const WITH_BODY = [...ALWAYS, 'requestMalformed', 'requestTooLarge', 'mediaTypeNotSupported'] as const;
const idempotency = { [IDEMPOTENCY_HEADER]: { schema: idempotencyKeySchema, required: true } };

const notice = (step: string, summary: string): Route => ({
  method: 'POST',
  path: `/v1/crossings/{id}/${step}`,
  operationId: step,
  summary,
  headers: idempotency,
  body: noticeSchema,
  answer: null,
  problems: [
    ...WITH_BODY,
    'recordMismatch',
    'wrongSide',
    'noticeChanged',
    ...(step === 'receipt' ? (['receiptForged'] as const) : []),
  ],
});

export const ROUTES = {
  prepare: {
    method: 'POST',
    path: '/v1/crossings/{id}/prepare',
    operationId: 'prepare',
    summary: 'Asks for the decision. Asked again with the same evidence, the control gives the same answer.',
    headers: {
      [DEADLINE_HEADER]: { schema: deadlineHeaderSchema, required: true },
      [RELEASE_HEADER]: { schema: releaseHeaderSchema, required: false },
    },
    body: prepareBodySchema,
    answer: controlAnswerSchema,
    problems: [...WITH_BODY, 'recordMismatch', 'wrongSide', 'deadlinePassed', 'evidenceChanged', 'recordVoided'],
  },
  commit: notice('commit', 'Exit and entry were committed together.'),
  void: notice('void', 'The clearance is void on both sides; what it used is given back.'),
  receipt: notice('receipt', 'The traveller has passed.'),
  crossing: {
    method: 'GET',
    path: '/v1/crossings/{id}',
    operationId: 'crossing',
    summary: 'What this control knows of the record’s end, for reconciliation.',
    headers: {},
    body: null,
    answer: crossingStateSchema,
    problems: [...ALWAYS, 'requestMalformed'],
  },
  keys: {
    method: 'GET',
    path: '/v1/keys',
    operationId: 'keys',
    summary:
      'Public keys this control signs with. For enrolment by a technician: a lane never trusts a key it just fetched.',
    headers: {},
    body: null,
    answer: keysSchema,
    problems: ALWAYS,
  },
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof ROUTES;
