import { z } from 'zod';
import { documentKindSchema } from '../../contract/control-protocol.ts';
import { CHECK_OUTCOMES, checkIdSchema, sideSchema } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { isTimeZone } from './calendar.ts';

/**
 * What an administrator of one side writes down: data, no code. A rule set has a version, and every decision names it.
 * Each section may carry a `note` for the people who read it; `otherwise` is the word when its condition is not met.
 */
const note = z.string().max(500).optional();
const otherwise = z.enum(['refer', 'refuse']);
const days = z.int().min(0).max(36_500);
const years = z.int().min(0).max(150);
const stateCode = z.union([z.literal('*'), z.string().regex(/^[A-Z]{1,3}$/)]);
export const ruleIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const kinds = z.union([z.literal('*'), z.array(documentKindSchema).min(1)]);

export const ruleSetSchema = z.strictObject({
  schema: z.literal('jointgate-rules/1'),
  version: ruleIdSchema,
  note,
  side: sideSchema,
  /** ISO 3166-1 alpha-3 code of the authority, or `*` when the lane's direction is not checked. */
  authority: z.union([z.literal('*'), z.string().regex(/^[A-Z]{3}$/)]),
  /** IANA zone in which a crossing has its calendar day. */
  timeZone: z.string().max(64).refine(isTimeZone, 'not an IANA time zone'),
  /** How long an answer holds, the same for every word: a shorter life would tell the other side something. */
  answerValidMs: z.int().min(1000).max(600_000),
  freshness: z.strictObject({
    note,
    maxEvidenceAgeMs: z.int().min(1000).max(600_000),
    maxClockSkewMs: z.int().min(0).max(60_000),
    otherwise,
  }),
  documents: z.strictObject({
    note,
    accepted: z
      .array(
        z.strictObject({
          kind: documentKindSchema,
          issuingStates: z.array(stateCode).min(1),
          /** Days it must still be valid on the day of crossing; 0 means valid on that day. */
          minimumValidityDays: days,
        }),
      )
      .max(64),
    otherwise,
  }),
  age: z.strictObject({
    note,
    minimumYears: years,
    /** Below this age the enrolment must say that the child is tall enough to be seen by the lane (1.2 m). */
    heightFlagBelowYears: years,
    otherwise,
  }),
  enrolment: z.strictObject({ note, required: z.boolean(), otherwise }),
  consent: z.strictObject({ note, required: z.boolean(), maxAgeDays: days, otherwise }),
  checks: z
    .array(
      z.strictObject({ note, id: checkIdSchema, kinds, accept: z.array(z.enum(CHECK_OUTCOMES)).min(1), otherwise }),
    )
    .max(64),
  face: z.strictObject({
    note,
    /** Lowest cosine similarity by model id; `*` stands for every model that is not named. */
    minimumSimilarity: z.record(z.string().max(64), z.number().min(-1).max(1)),
    minimumFrames: z.int().min(0).max(1000),
    liveness: z.strictObject({
      required: z.boolean(),
      /** Of the attack model alone. */
      minimum: z.number().min(0).max(1),
      /** Where the traveller moved as asked because that model was unsure; absent: the same minimum, whatever the movements. */
      minimumMovedAsAsked: z.number().min(0).max(1).optional(),
    }),
    otherwise,
  }),
  endorsements: z.strictObject({ note, requiredFor: z.array(documentKindSchema), otherwise }),
  quotas: z
    .array(
      z.strictObject({
        note,
        id: ruleIdSchema,
        kinds,
        per: z.enum(['control', 'holder']),
        limitPerDay: z.int().min(0).max(10_000_000),
        otherwise,
      }),
    )
    .max(16),
  presence: z.strictObject({
    note,
    enforced: z.boolean(),
    /** Nobody has said yet where the holder is. */
    whenUnknown: z.enum(['accept', 'refer']),
    /** Movements through staffed lanes may reach us late: older knowledge than this is not held against anybody. */
    staleAfterHours: z.int().min(1).max(87_600),
    whenOverstayed: z.enum(['accept', 'refer', 'refuse']),
    /** Another crossing of the same holder is cleared and not ended yet. */
    whenUnderWay: z.enum(['accept', 'refer']),
    otherwise,
  }),
  watchlist: z.strictObject({ note, enforced: z.boolean() }),
});
export type RuleSet = z.infer<typeof ruleSetSchema>;

export interface RuleSetError {
  readonly code: 'ruleSetInvalid';
  /** Path and problem of each fault, for the administrator. */
  readonly problems: readonly string[];
}

/** Reads a rule set from parsed JSON. Unknown or missing fields are faults: a misspelt rule must not be a missing one. */
export function parseRuleSet(value: unknown): Result<RuleSet, RuleSetError> {
  const read = ruleSetSchema.safeParse(value);
  if (!read.success) return err({ code: 'ruleSetInvalid', problems: read.error.issues.map(describe) });
  const quotaIds = read.data.quotas.map((quota) => quota.id);
  const doubled = quotaIds.find((id, index) => quotaIds.indexOf(id) !== index);
  // Two quotas of one id would share a counter and count every crossing twice.
  if (doubled !== undefined) return err({ code: 'ruleSetInvalid', problems: [`quotas: id ${doubled} occurs twice`] });
  return ok(read.data);
}

function describe(issue: z.core.$ZodIssue): string {
  return `${issue.path.map(String).join('.') || '(root)'}: ${issue.message}`;
}
