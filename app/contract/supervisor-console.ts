import { z } from 'zod';
import { auditEventIdSchema, auditFactsSchema, severitySchema } from './audit-events.ts';
import {
  directionSchema,
  laneIdSchema,
  ownerSchema,
  RECORD_STATES,
  recordIdSchema,
  recordStateSchema,
  referralCodeSchema,
  topologySchema,
} from './crossing.ts';
import { ACCOUNT_ERROR_CODES, officerNumberSchema, officerSchema, pinSchema, signInSchema } from './officer-account.ts';
import {
  doorViewSchema,
  MAX_NOTE,
  supervisorActionSchema,
  supervisorViewSchema,
  viewerSchema,
} from './supervisor-view.ts';
import { travellerStepSchema } from './traveller-view.ts';

/**
 * What a supervisor's console says and hears, in the Electron window (through main, which only passes it on) and in a browser
 * (through the hub): requests with one reply each, and updates as they happen. Every request is checked against the session by
 * whoever answers it, never by the screen.
 */

/** What a session may do at all; which referral and which reasons, its role and side say. */
export const PERMISSIONS = [
  'acknowledge',
  'resolve',
  'service',
  'doors',
  'search',
  'charts',
  'audit',
  'diagnostics',
] as const;
export const permissionSchema = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof permissionSchema>;

export const consoleSessionSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('signedOut'),
    /** No account exists yet: the screen says how an administrator makes the first one. */
    noOfficers: z.boolean(),
    /** Why the last session ended, when it was not the officer's wish. */
    ended: z.enum(['idle', 'tooLong', 'accountClosed']).nullable(),
    /** The demonstration may look as another officer without signing in. */
    mayLookAs: z.boolean(),
  }),
  z.strictObject({ state: z.literal('locked'), ...officerSchema.shape }),
  z.strictObject({
    state: z.literal('signedIn'),
    // Whose eyes they have is another matter on each lane: its view says (`viewer`).
    ...officerSchema.shape,
    may: z.array(permissionSchema),
    /** Seconds without a touch after which the console locks itself. */
    idleLockSeconds: z.int().min(10),
    mayLookAs: z.boolean(),
  }),
]);
export type ConsoleSession = z.infer<typeof consoleSessionSchema>;

/** One lane as a card of the wall: what an officer must see of a lane that is not in front of them. */
export const laneCardSchema = z.strictObject({
  laneId: laneIdSchema,
  direction: directionSchema,
  topology: topologySchema,
  /** False: the lane does not report; what stands here is the last that was known. */
  connected: z.boolean(),
  inService: z.boolean(),
  step: travellerStepSchema,
  stationsReached: z.int().min(0).max(5),
  stepSince: z.iso.datetime(),
  doors: z.array(doorViewSchema).max(3),
  /** The gravest open alarm this viewer may see, and how many there are. */
  alarm: z.strictObject({ event: auditEventIdSchema, severity: severitySchema, at: z.iso.datetime() }).nullable(),
  alarms: z.int().min(0),
  /** Referrals this viewer may act on, and others. */
  referrals: z.strictObject({ own: z.int().min(0), others: z.int().min(0) }),
  passed: z.int().min(0),
  withoutOfficer: z.number().min(0).max(1).nullable(),
  medianMs: z.number().nullable(),
});
export type LaneCard = z.infer<typeof laneCardSchema>;

export const MAX_LANES = 200;
/** Page size of searches and of the audit log. */
export const FOUND_MAX = 100;

export const consoleUpdateSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('session'), session: consoleSessionSchema }),
  /** `complete`: these are all lanes; otherwise only those that changed. */
  z.strictObject({ type: z.literal('cards'), complete: z.boolean(), cards: z.array(laneCardSchema).max(MAX_LANES) }),
  /** The lane in front of the officer. */
  z.strictObject({ type: z.literal('lane'), view: supervisorViewSchema }),
  /** The lane process or the hub does not answer: what is on the screen is old. */
  z.strictObject({ type: z.literal('connection'), connected: z.boolean() }),
]);
export type ConsoleUpdate = z.infer<typeof consoleUpdateSchema>;

const periodSchema = { from: z.iso.datetime(), to: z.iso.datetime() };
/** A document as an officer types it from the page: hashed where it arrives, never kept, never listed. */
export const searchedDocumentSchema = z.strictObject({
  issuingState: z.string().regex(/^[A-Z]{1,3}$/),
  number: z.string().regex(/^[A-Z0-9]{4,22}$/),
});

export const recordQuerySchema = z.strictObject({
  ...periodSchema,
  document: searchedDocumentSchema.nullable(),
  laneId: laneIdSchema.nullable(),
  states: z.array(recordStateSchema).max(RECORD_STATES.length),
  /** Records opened before this one of an earlier answer: the next page. */
  before: z.iso.datetime().nullable(),
});
export type RecordQuery = z.infer<typeof recordQuerySchema>;

export const auditQuerySchema = z.strictObject({
  ...periodSchema,
  laneId: laneIdSchema.nullable(),
  events: z.array(auditEventIdSchema).max(200),
  severities: z.array(severitySchema).max(4),
  /** Lines before this sequence number: the next page. */
  before: z.int().nullable(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const chartQuerySchema = z.strictObject({ ...periodSchema, laneId: laneIdSchema.nullable() });
export type ChartQuery = z.infer<typeof chartQuerySchema>;

export const consoleRequestSchema = z.discriminatedUnion('type', [
  /** Sent when a screen opens: answers with every update anew. */
  z.strictObject({ type: z.literal('hello') }),
  signInSchema,
  z.strictObject({ type: z.literal('signOut') }),
  z.strictObject({ type: z.literal('lock') }),
  z.strictObject({ type: z.literal('unlock'), pin: pinSchema }),
  /** Somebody touches the console: it does not lock. */
  z.strictObject({ type: z.literal('active') }),
  /** Fresh authentication for one irreversible action. */
  z.strictObject({ type: z.literal('authenticate'), pin: pinSchema }),
  /** A second officer of the same side stands by this decision. */
  z.strictObject({
    type: z.literal('secondOfficer'),
    officer: officerNumberSchema,
    pin: pinSchema,
    recordId: recordIdSchema,
  }),
  /** The demonstration only. */
  z.strictObject({ type: z.literal('lookAs'), viewer: viewerSchema }),
  z.strictObject({ type: z.literal('focus'), laneId: laneIdSchema }),
  z.strictObject({ type: z.literal('act'), laneId: laneIdSchema, action: supervisorActionSchema }),
  z.strictObject({ type: z.literal('pictures'), laneId: laneIdSchema, recordId: recordIdSchema }),
  z.strictObject({ type: z.literal('search'), query: recordQuerySchema }),
  z.strictObject({ type: z.literal('charts'), query: chartQuerySchema }),
  z.strictObject({ type: z.literal('audit'), query: auditQuerySchema }),
]);
export type ConsoleRequest = z.infer<typeof consoleRequestSchema>;

/** A record as a search shows it: codes and times, no digest, no document. */
export const foundRecordSchema = z.strictObject({
  recordId: recordIdSchema,
  laneId: laneIdSchema,
  state: recordStateSchema,
  openedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  referral: z.strictObject({ owner: ownerSchema, code: referralCodeSchema }).nullable(),
  endCode: z.string().max(64).nullable(),
});
export type FoundRecord = z.infer<typeof foundRecordSchema>;

export const auditLineSchema = z.strictObject({
  sequence: z.int(),
  laneId: laneIdSchema,
  at: z.iso.datetime(),
  event: auditEventIdSchema,
  severity: severitySchema,
  owner: ownerSchema,
  recordId: recordIdSchema.nullable(),
  facts: auditFactsSchema,
});
export type AuditLine = z.infer<typeof auditLineSchema>;

const countSchema = z.int().min(0);
/** One stretch of time of the charts. Milliseconds; null where nothing ended. */
export const chartBucketSchema = z.strictObject({
  at: z.iso.datetime(),
  passed: countSchema,
  refused: countSchema,
  referred: countSchema,
  abandoned: countSchema,
  voided: countSchema,
  /** From opening to passing. */
  medianMs: z.number().nullable(),
  p95Ms: z.number().nullable(),
  /** From a referral to its resolution. */
  waitMedianMs: z.number().nullable(),
  waitP95Ms: z.number().nullable(),
});
export type ChartBucket = z.infer<typeof chartBucketSchema>;

/** How long the steps of passed crossings took, milliseconds. */
export const CHART_STEPS = ['document', 'face', 'controls', 'commit', 'passage'] as const;
export const chartStepSchema = z.strictObject({
  step: z.enum(CHART_STEPS),
  medianMs: z.number().nullable(),
  p95Ms: z.number().nullable(),
});

const pictureSchema = z
  .string()
  .regex(/^[A-Za-z0-9+/=]*$/)
  .max(700_000);

export const consoleAnswerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('done') }),
  /** JPEG, base64; null where there is none or it is another side's. */
  z.strictObject({
    type: z.literal('pictures'),
    portrait: pictureSchema.nullable(),
    live: pictureSchema.nullable(),
    notes: z
      .array(z.strictObject({ at: z.iso.datetime(), officer: officerNumberSchema, text: z.string().max(MAX_NOTE) }))
      .max(20),
  }),
  z.strictObject({ type: z.literal('records'), records: z.array(foundRecordSchema).max(FOUND_MAX), more: z.boolean() }),
  z.strictObject({ type: z.literal('audit'), lines: z.array(auditLineSchema).max(FOUND_MAX), more: z.boolean() }),
  z.strictObject({
    type: z.literal('charts'),
    bucketSeconds: z.int().min(60),
    buckets: z.array(chartBucketSchema).max(400),
    steps: z.array(chartStepSchema).max(CHART_STEPS.length),
  }),
]);
export type ConsoleAnswer = z.infer<typeof consoleAnswerSchema>;
export type ConsoleAnswerOf<T extends ConsoleAnswer['type']> = Extract<ConsoleAnswer, { type: T }>;

export const CONSOLE_ERROR_CODES = [
  ...ACCOUNT_ERROR_CODES,
  'signInNeeded',
  'notAllowed',
  /** The referral is another side's. */
  'notYours',
  /** The officer's account is bound to neither authority of this lane. */
  'notOfThisLane',
  'freshAuthenticationNeeded',
  'secondOfficerNeeded',
  /** Somebody else was faster; `by` names them when they are of the same side or the port. */
  'alreadyResolved',
  /** Nothing that an officer may release: a fault, several people, the port's own matter. */
  'notReleasable',
  'notPossibleNow',
  /** This lane is fitted for one direction only. */
  'notReversible',
  'unknownLane',
  'laneAway',
  'requestInvalid',
  'tooSlow',
] as const;
export const consoleErrorSchema = z.strictObject({
  code: z.enum(CONSOLE_ERROR_CODES),
  waitSeconds: z.int().min(0).nullable(),
  by: officerNumberSchema.nullable(),
});
export type ConsoleError = z.infer<typeof consoleErrorSchema>;

/** A failure without more to say than its code. */
export function consoleError(code: ConsoleError['code']): ConsoleError {
  return { code, waitSeconds: null, by: null };
}

export const consoleReplySchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: consoleAnswerSchema }),
  z.strictObject({ ok: z.literal(false), error: consoleErrorSchema }),
]);
export type ConsoleReply = z.infer<typeof consoleReplySchema>;
