import { randomUUID } from 'node:crypto';
import type { AnswerBody, ControlAnswer, JointEvidence } from '../contract/control-protocol.ts';
import { type ControlWord, SIDES, type Side } from '../contract/crossing.ts';
import { unwrap } from '../contract/result.ts';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { keyedHashHex, sha256Hex } from '../crypto/digest.ts';
import { createSigningKey, type SigningKey } from '../crypto/signing.ts';
import type { ControlKeys } from './clearance-check.ts';
import type { JointRecordStore, OpenRecord, RecordFact, RecordSnapshot } from './store.ts';

/** For tests and benchmarks: real keys, real signatures, specimen digests; time as the test says. */
export const LANE_ID = 'lane-1';
const DOCUMENT_KEY = Buffer.alloc(32, 7);

export interface FakeClock {
  now(): Date;
  advance(ms: number): void;
}

export function fakeClock(start = '2026-03-01T08:00:00.000Z'): FakeClock {
  let ms = Date.parse(start);
  return {
    now: () => new Date(ms),
    advance: (by) => {
      ms += by;
    },
  };
}

export interface Controls {
  readonly keys: ControlKeys;
  readonly exit: SigningKey;
  readonly entry: SigningKey;
}

export function createControls(): Controls {
  const exit = createSigningKey().key;
  const entry = createSigningKey().key;
  const publicKey = (key: SigningKey) => [{ keyId: key.keyId, raw: key.publicKeyRaw }];
  return { exit, entry, keys: { exit: publicKey(exit), entry: publicKey(entry) } };
}

export const documentDigest = (number: string): string => keyedHashHex(DOCUMENT_KEY, 'document', [number]);
export const profileDigest = (name: string): string => keyedHashHex(DOCUMENT_KEY, 'profile', [name]);

/** One traveller with a document for each side. */
export interface Traveller {
  readonly exitDocument: string;
  readonly entryDocument: string;
  readonly profile: string;
}

export function traveller(name: string = randomUUID()): Traveller {
  return {
    exitDocument: documentDigest(`exit ${name}`),
    entryDocument: documentDigest(`entry ${name}`),
    profile: profileDigest(name),
  };
}

export function opening(who: Traveller, recordId: string = randomUUID(), laneId = LANE_ID): OpenRecord {
  return {
    recordId,
    laneId,
    direction: { from: 'CHN', to: 'MAC' },
    documentDigests: [who.exitDocument],
    profileDigest: null,
    checks: [{ id: 'mrzCheckDigits', outcome: 'passed', reason: null }],
  };
}

export function identified(who: Traveller): RecordFact {
  return {
    type: 'identified',
    profileDigest: who.profile,
    documentDigests: [who.exitDocument, who.entryDocument],
    checks: [{ id: 'profileAndConsent', outcome: 'passed', reason: null }],
  };
}

export const face = { modelId: 'specimen', similarity: 0.71, threshold: 0.42, liveness: 0.98, framesUsed: 5 };
export const verified: RecordFact = {
  type: 'verified',
  face,
  checks: [{ id: 'faceMatch', outcome: 'passed', reason: null }],
};

export function asked(who: Traveller, record: OpenRecord, at: Date): Extract<RecordFact, { type: 'asked' }> {
  const evidence: JointEvidence = {
    version: 1,
    recordId: record.recordId,
    laneId: record.laneId,
    direction: record.direction,
    documents: { exit: who.exitDocument, entry: who.entryDocument },
    checks: [{ id: 'faceMatch', outcome: 'passed', reason: null }],
    face,
    collectedAt: at.toISOString(),
  };
  return { type: 'asked', evidence, evidenceDigest: sha256Hex(canonicalBytes(evidence)) };
}

export const ANSWER_LIFE_MS = 60_000;

export function answer(
  key: SigningKey,
  at: Date,
  body: Pick<AnswerBody, 'side' | 'recordId' | 'evidenceDigest'> & Partial<AnswerBody>,
): ControlAnswer {
  const full: AnswerBody = {
    version: 1,
    word: 'clear',
    answeredAt: at.toISOString(),
    expiresAt: new Date(at.getTime() + ANSWER_LIFE_MS).toISOString(),
    ruleVersion: 'rules-1',
    reason: null,
    ...body,
  };
  return { body: full, keyId: key.keyId, signature: key.sign(canonicalBytes(full)) };
}

export interface Walk {
  readonly who: Traveller;
  readonly record: OpenRecord;
  readonly evidenceDigest: string;
}

export interface Walker {
  readonly store: JointRecordStore;
  readonly clock: FakeClock;
  readonly controls: Controls;
}

/** Opens a record and takes it to `verified` with the evidence put before both controls. */
export async function walkToAsked({ store, clock }: Walker, who = traveller(), record = opening(who)): Promise<Walk> {
  const question = asked(who, record, clock.now());
  unwrap(await store.open(record));
  unwrap(await store.append(record.recordId, identified(who)));
  unwrap(await store.append(record.recordId, verified));
  unwrap(await store.append(record.recordId, question));
  return { who, record, evidenceDigest: question.evidenceDigest };
}

/** Appends both sides' signed answers; both clear unless told otherwise. */
export async function answerBoth(
  { store, clock, controls }: Walker,
  { record, evidenceDigest }: Walk,
  words: Partial<Record<Side, ControlWord>> = {},
): Promise<RecordSnapshot> {
  let last: RecordSnapshot | null = null;
  for (const side of SIDES) {
    const body = { side, recordId: record.recordId, evidenceDigest, word: words[side] ?? ('clear' as const) };
    const signed = answer(controls[side], clock.now(), body);
    last = unwrap(await store.append(record.recordId, { type: 'answered', answer: signed }));
  }
  if (last === null) throw new Error('no side answered');
  return last;
}

export async function walkToCommitted(walker: Walker, who = traveller()): Promise<Walk> {
  const walk = await walkToAsked(walker, who);
  await answerBoth(walker, walk);
  unwrap(await walker.store.commit(walk.record.recordId));
  return walk;
}

/** A whole crossing: nine durable writes. */
export async function walkThrough(walker: Walker, who = traveller()): Promise<Walk> {
  const walk = await walkToCommitted(walker, who);
  const { recordId } = walk.record;
  unwrap(await walker.store.append(recordId, { type: 'lastDoorReleased', door: 3, passagesBefore: 41 }));
  unwrap(await walker.store.end(recordId, { type: 'passed', passagesAfter: 42 }));
  return walk;
}
