import { z } from 'zod';
import { auditEventIdSchema, severitySchema } from './audit-events.ts';
import {
  checkSchema,
  directionSchema,
  leavingActionSchema,
  ownerSchema,
  reasonCodeSchema,
  recordStateSchema,
  referralCodeSchema,
  sideSchema,
  topologySchema,
} from './crossing.ts';
import { travellerStepSchema } from './traveller-view.ts';

/** Who looks: sees its own side's reasons and may act for its own side only. `port` sees neither side's reasons. */
export const viewerSchema = z.enum(['exitOfficer', 'entryOfficer', 'portSupervisor']);
export type Viewer = z.infer<typeof viewerSchema>;

export const alarmSchema = z.strictObject({
  /** Counts within one run of the lane process. */
  id: z.int().min(0),
  event: auditEventIdSchema,
  severity: severitySchema,
  owner: ownerSchema,
  at: z.iso.datetime(),
  recordId: z.uuid().nullable(),
  /** Short code that says more, e.g. a device name or a referral code. */
  detail: z.string().max(100).nullable(),
  count: z.int().min(1),
  /** A watchlist of the viewer's own side is behind it: shown to that side only, and never sounded. */
  silent: z.boolean().optional(),
});
export type Alarm = z.infer<typeof alarmSchema>;

export const doorViewSchema = z.strictObject({
  door: z.int().min(1).max(3),
  state: z.enum(['shut', 'open', 'fault', 'unknown']),
});

/** One line of the crossing's timeline: an audit event or a record state, with its time. */
export const timelineEntrySchema = z.strictObject({
  at: z.iso.datetime(),
  event: auditEventIdSchema,
  owner: ownerSchema,
  recordId: z.uuid().nullable(),
  detail: z.string().max(100).nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** The word of a control for everybody; its reason only when the viewer's own side owns it (G5). */
export const sideAnswerViewSchema = z.strictObject({
  side: sideSchema,
  word: z.enum(['waiting', 'clear', 'refer', 'refuse', 'noAnswer', 'invalid']),
  reason: z.string().max(64).nullable(),
});

export const referralViewSchema = z.strictObject({
  recordId: z.uuid(),
  owner: ownerSchema,
  code: referralCodeSchema,
  since: z.iso.datetime(),
  /** The traveller stands in front of the lane, in chamber A or in chamber B. */
  place: z.enum(['outside', 'chamberA', 'chamberB']),
  checks: z.array(checkSchema),
  answers: z.array(sideAnswerViewSchema),
  /** What this viewer may do; empty when the referral is another side's. */
  actions: z.array(leavingActionSchema),
  /** Given when this viewer's side may release the traveller now: how many different officers that takes. */
  release: z.strictObject({ officers: z.int().min(1).max(2) }).exactOptional(),
  /** The way out is open and the traveller is on it. */
  walkingBack: z.literal(true).exactOptional(),
  /** Portrait and live image, or notes, are kept for this viewer's side: ask for them. Counts up when they change. */
  material: z.int().min(0),
  /** An officer of the owning side keeps the traveller in the chamber for now. */
  kept: z.boolean(),
});
export type ReferralView = z.infer<typeof referralViewSchema>;

export const deviceViewSchema = z.strictObject({
  name: z.string().max(40),
  state: z.enum(['ready', 'starting', 'lost']),
  detail: z.string().max(100).nullable(),
});

/** The whole state of one lane for one viewer. */
export const supervisorViewSchema = z.strictObject({
  laneId: z.string(),
  viewer: viewerSchema,
  direction: directionSchema,
  topology: topologySchema,
  inService: z.boolean(),
  /** Codes of what keeps the lane out of service. */
  outOfServiceReasons: z.array(z.string().max(64)),
  /** No hub answers, and the port's policy lets an officer allow the lane to go on without one (`allowLaneOnly`). */
  mayGoAlone: z.boolean().optional(),
  /** The lane is fitted for both directions, nobody is in it or waits, and this viewer may reverse it. */
  mayReverse: z.literal(true).exactOptional(),
  step: travellerStepSchema,
  stationsReached: z.int().min(0).max(5),
  stepSince: z.iso.datetime(),
  record: z.strictObject({ recordId: z.uuid(), state: recordStateSchema }).nullable(),
  answers: z.array(sideAnswerViewSchema),
  doors: z.array(doorViewSchema),
  devices: z.array(deviceViewSchema),
  alarms: z.array(alarmSchema).max(200),
  referrals: z.array(referralViewSchema).max(50),
  timeline: z.array(timelineEntrySchema).max(200),
  today: z.strictObject({
    opened: z.int(),
    passed: z.int(),
    refused: z.int(),
    referred: z.int(),
    abandoned: z.int(),
    voided: z.int(),
    medianMs: z.number().nullable(),
    p95Ms: z.number().nullable(),
  }),
  sequence: z.int().min(0),
});
export type SupervisorView = z.infer<typeof supervisorViewSchema>;

/** Characters of a note. */
export const MAX_NOTE = 200;

export const supervisorActionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('acknowledgeAlarm'), alarmId: z.int().min(0) }),
  z.strictObject({
    type: z.literal('resolveReferral'),
    recordId: z.uuid(),
    action: leavingActionSchema,
    reasonCode: reasonCodeSchema,
  }),
  /** The traveller goes on from where they stand. Needs a fresh authentication, and a second officer where the view says so. */
  z.strictObject({ type: z.literal('releaseReferral'), recordId: z.uuid(), reasonCode: reasonCodeSchema }),
  /** Neither back nor on for now: told to whoever looks, and journaled. */
  z.strictObject({ type: z.literal('keepReferral'), recordId: z.uuid(), reasonCode: reasonCodeSchema }),
  /** For the colleagues of the same side: sealed to it, never in the journal, gone with the referral. */
  z.strictObject({
    type: z.literal('addNote'),
    recordId: z.uuid(),
    text: z
      .string()
      .trim()
      .min(1)
      .max(MAX_NOTE)
      .regex(/^[^\p{Cc}]*$/u),
  }),
  z.strictObject({ type: z.literal('setService'), inService: z.boolean() }),
  /** No hub answers: let the lane go on by itself until one does. Only where the port's policy is `laneOnly`. */
  z.strictObject({ type: z.literal('allowLaneOnly') }),
  /** Blocked doors open for nobody, whatever the crossing says. */
  z.strictObject({ type: z.literal('blockDoors'), blocked: z.boolean() }),
  z.strictObject({ type: z.literal('emergencyRelease') }),
  /** An idle lane leads the other way from now on; it stays closed until an officer has looked. The port's to decide. */
  z.strictObject({ type: z.literal('reverseLane') }),
]);
export type SupervisorAction = z.infer<typeof supervisorActionSchema>;
