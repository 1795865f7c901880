import { type Actor, createActor } from 'xstate';
import type { DeviceError } from '../../native-bridge/ports/device-error.ts';
import type { ControlError } from '../contract/control-protocol.ts';
import type { Check, FaceEvidence, Side } from '../contract/crossing.ts';
import { ok, type Result } from '../contract/result.ts';
import type { CaptureHint } from '../contract/traveller-view.ts';
import { evidenceDigest } from '../controls/answer-signing.ts';
import { askBoth, type SideAnswer } from '../controls/ask.ts';
import type { CrossingOutput } from '../domain/crossing/context.ts';
import type { CrossingEffect, CrossingEnding } from '../domain/crossing/effects.ts';
import type { CrossingFact } from '../domain/crossing/facts.ts';
import { crossingMachine } from '../domain/crossing/machine.ts';
import { type CrossingSnapshot, shownStep } from '../domain/crossing/step.ts';
import { judgeDocument } from '../domain/eligibility/judge-document.ts';
import type { RecordFact, RecordSnapshot, StoreError } from '../record/store.ts';
import { matchesEnrolled, type PresentedDocument } from './accept-document.ts';
import type { CrossingServices } from './crossing-services.ts';
import type { EnrolledTraveller, EnrolmentError } from './enrolment-store.ts';
import { inOrder, jointEvidence, prepareRequests } from './evidence.ts';
import { countWhenClear, judgePassage, releaseLastDoor } from './last-door.ts';
import { writeEnding } from './write-ending.ts';

/** A moment of a crossing, in milliseconds since the document's lines were received. */
export interface StepMark {
  readonly step: string;
  readonly atMs: number;
}

export interface CrossingReport {
  readonly recordId: string;
  readonly output: CrossingOutput;
  readonly marks: readonly StepMark[];
  readonly checks: readonly Check[];
}

export interface CrossingListener {
  /** Step, hint or place changed: the views are made anew. */
  onChange(): void;
  onDone(report: CrossingReport): void;
}

/**
 * Runs one crossing: performs the machine's effects on the lane's services and tells it what came of them. All decisions are the
 * machine's, the controls' and the store's; here is only the order of calls and who is told.
 */
export class CrossingRun {
  readonly recordId: string;
  readonly #services: CrossingServices;
  readonly #document: PresentedDocument;
  readonly #listener: CrossingListener;
  readonly #actor: Actor<typeof crossingMachine>;
  readonly #startedMs: number;
  readonly #marks: StepMark[] = [];
  readonly #asking = new AbortController();
  #found: Result<EnrolledTraveller, EnrolmentError> | null = null;
  #traveller: EnrolledTraveller | null = null;
  #checks: readonly Check[];
  #face: FaceEvidence | null = null;
  #hint: CaptureHint | null = null;
  #answers: Record<Side, SideAnswer | null> = { exit: null, entry: null };
  #stopExpiry: (() => void) | null = null;
  /** The last answer to a door being shut. */
  #shutting: Promise<Result<void, DeviceError>> = Promise.resolve(ok());
  /** `DOOR DIRECTION` of every release so far. */
  readonly #released = new Set<string>();
  readonly #lamps = new Map<number, () => void>();

  constructor(recordId: string, document: PresentedDocument, services: CrossingServices, listener: CrossingListener) {
    this.recordId = recordId;
    this.#document = document;
    this.#services = services;
    this.#listener = listener;
    this.#checks = document.checks;
    this.#startedMs = services.clock.monotonicMs();
    const { topology, delays } = services;
    this.#actor = createActor(crossingMachine, { input: { topology, delays } });
    this.#actor.on('*', (effect) => void this.#perform(effect));
    this.#actor.subscribe((snapshot) => {
      listener.onChange();
      if (snapshot.status === 'done') this.#finish(snapshot);
    });
  }

  start(): void {
    this.#actor.start();
  }

  /** Facts from outside: doors, sensors, officers. */
  tell(fact: CrossingFact): void {
    if (this.#actor.getSnapshot().status === 'active') this.#actor.send(fact);
  }

  /** Whether this crossing has let somebody through this door in this direction; anything else is a breach. */
  expects(door: number, direction: 'forward' | 'backward'): boolean {
    return this.#released.has(`${door} ${direction}`);
  }

  get snapshot(): CrossingSnapshot {
    return this.#actor.getSnapshot();
  }

  get shown(): ReturnType<typeof shownStep> & { readonly hint: CaptureHint | null } {
    return { ...shownStep(this.snapshot), hint: this.#hint };
  }

  get answers(): Readonly<Record<Side, SideAnswer | null>> {
    return this.#answers;
  }

  get checks(): readonly Check[] {
    return inOrder(this.#checks);
  }

  get suggestedLanguage(): PresentedDocument['suggestedLanguage'] {
    return this.#document.suggestedLanguage;
  }

  async #perform(effect: CrossingEffect): Promise<void> {
    try {
      await this.#do(effect);
    } catch (error) {
      // A bug: told once, and the crossing ends with an officer, never with an open door.
      this.#services.onSoftwareFault(error);
      this.tell({ type: 'storeFailed' });
    }
  }

  #do(effect: CrossingEffect): Promise<void> | void {
    switch (effect.type) {
      case 'openRecord':
        return this.#openRecord();
      case 'identify':
        return this.#identify();
      case 'openDoor':
        return this.#openDoor(effect.door, effect.direction);
      case 'shutDoor':
        return this.#shutDoor(effect.door);
      case 'startCapture':
        return this.#startCapture();
      case 'stopCapture':
        this.#hint = null;
        return this.#services.capture.release();
      case 'askControls':
        return this.#askControls();
      case 'commit':
        return this.#commit();
      case 'releaseLastDoor':
        return this.#releaseLastDoor(effect.door);
      case 'settlePassage':
        return this.#settlePassage(effect.door);
      case 'endRecord':
        return this.#endRecord(effect.ending);
    }
  }

  async #openRecord(): Promise<void> {
    const { store, laneId, direction, diary, enrolment } = this.#services;
    this.#found = enrolment.find(this.#document.digest);
    const traveller = this.#found.ok ? this.#found.value : null;
    // Every document of the profile is claimed at once: of two that come at the same instant, exactly one goes on (G3).
    const opened = await store.open({
      recordId: this.recordId,
      laneId,
      direction,
      documentDigests: [...new Set([this.#document.digest, ...Object.values(traveller?.documentDigests ?? {})])],
      profileDigest: traveller?.profileDigest ?? null,
      checks: this.#checks,
    });
    if (opened.ok) {
      this.#mark('recordOpened');
      diary.recorded('recordOpened', { recordId: this.recordId });
      this.tell({ type: 'recordOpened' });
    } else if (opened.error.code === 'duplicateDocument') {
      await this.#duplicate(opened.error.liveRecordId);
      this.tell({ type: 'recordRefused', code: 'duplicateDocument' });
    } else {
      this.#storeFailed();
    }
  }

  async #identify(): Promise<void> {
    const { diary, capture } = this.#services;
    const judged = judgeDocument(this.#checks);
    if (judged !== null) return this.tell({ type: 'notIdentified', code: judged.code, owner: judged.owner });
    const found = this.#found;
    if (found === null || (!found.ok && found.error.code === 'storeFailed')) return this.#storeFailed();
    if (!found.ok) return this.#notIdentified('notEnrolled', 'notEnrolled');
    const traveller = found.value;
    const presented =
      (['exit', 'entry'] as const).find((side) => traveller.documentDigests[side] === this.#document.digest) ?? 'exit';
    if (!matchesEnrolled(this.#document, traveller.profile.documents[presented])) {
      return this.#notIdentified('documentCheckFailed', 'documentDiffersFromProfile');
    }
    if (traveller.profile.consentGivenAt === null) return this.#notIdentified('consentMissing', 'consentMissing');
    this.#traveller = traveller;
    // The portrait is read while the traveller walks in.
    capture.prepare(this.recordId, traveller.portrait);
    this.#checks = [...this.#checks, { id: 'profileAndConsent', outcome: 'passed', reason: null }];
    const { profileDigest, documentDigests } = traveller;
    const written = await this.#append({
      type: 'identified',
      profileDigest,
      documentDigests: [...new Set(Object.values(documentDigests))],
      checks: this.checks,
    });
    if (written.ok) {
      this.#mark('identified');
      diary.recorded('documentIdentified', { recordId: this.recordId });
      return this.tell({ type: 'identified' });
    }
    if (written.error.code !== 'duplicateDocument') return this.#storeFailed();
    await this.#duplicate(written.error.liveRecordId);
    this.tell({ type: 'notIdentified', code: 'duplicateDocument', owner: 'port' });
  }

  #notIdentified(code: 'notEnrolled' | 'consentMissing' | 'documentCheckFailed', reason: string): void {
    this.#checks = [...this.#checks, { id: 'profileAndConsent', outcome: 'failed', reason }];
    this.tell({ type: 'notIdentified', code, owner: 'exit' });
  }

  async #duplicate(liveRecordId: string): Promise<void> {
    await this.#services.diary.note('duplicateDocument', { recordId: this.recordId, facts: { liveRecordId } });
  }

  async #openDoor(door: number, direction: 'forward' | 'backward'): Promise<void> {
    this.#released.add(`${door} ${direction}`);
    const opened = await this.#services.doors.openDoor(door, direction, 1);
    this.#mark(`door${door}`);
    if (!opened.ok) this.tell({ type: 'doorFault', door });
    else this.#lamp(door, 'green');
  }

  async #shutDoor(door: number): Promise<void> {
    this.#stopExpiry?.();
    // Interlock: the last door waits for this answer.
    this.#shutting = this.#services.doors.closeDoor(door);
    await this.#shutting;
    this.#lamp(door, 'red');
  }

  /** Lamps share the bus with the doors: they follow a moment later, so that no door waits for a lamp. */
  #lamp(door: number, lamp: 'green' | 'red'): void {
    this.#lamps.get(door)?.();
    this.#lamps.set(
      door,
      this.#services.clock.after(LAMP_DELAY_MS, () => void this.#services.doors.setLamp(door, lamp)),
    );
  }

  async #startCapture(): Promise<void> {
    const { capture, diary } = this.#services;
    this.#mark('insideA');
    void diary.note('travellerEntered', { recordId: this.recordId });
    await capture.start({
      onHint: (hint) => {
        this.#hint = hint;
        this.#listener.onChange();
      },
      onEnd: (end) => {
        this.#mark('faceDecided');
        this.#checks = [...this.#checks, ...end.checks];
        if (end.type === 'notAccepted') return this.tell({ type: 'faceNotAccepted', code: end.code });
        this.#face = end.face;
        diary.recorded('faceVerified', { recordId: this.recordId });
        this.tell({ type: 'faceMatched' });
      },
    });
  }

  async #askControls(): Promise<void> {
    const { laneId, direction, clock, delays, controls, controlKeys } = this.#services;
    const [traveller, face] = [this.#traveller, this.#face];
    if (traveller === null || face === null) throw new Error('the controls are asked about a verified traveller only');
    const verified = await this.#append({ type: 'verified', face, checks: this.checks });
    if (!verified.ok) return this.#storeFailed();
    const collectedAt = new Date(clock.nowMs()).toISOString();
    const evidence = jointEvidence({
      recordId: this.recordId,
      laneId,
      direction,
      traveller,
      checks: this.checks,
      face,
      collectedAt,
    });
    const asked = await this.#append({ type: 'asked', evidence, evidenceDigest: evidenceDigest(evidence) });
    if (!asked.ok) return this.#storeFailed();
    this.#mark('asked');
    const deadline = new Date(clock.nowMs() + delays.controlDeadline).toISOString();
    await askBoth(controls, prepareRequests(evidence, traveller, deadline), {
      deadlineMs: delays.controlDeadline,
      keys: controlKeys,
      clock,
      signal: this.#asking.signal,
      onAnswer: (side, answer) => void this.#answered(side, answer),
    });
  }

  async #answered(side: Side, answer: SideAnswer): Promise<void> {
    const { diary } = this.#services;
    this.#answers = { ...this.#answers, [side]: answer };
    if (!answer.ok) return this.#notAnswered(side, answer.error);
    const { word } = answer.value.body;
    this.#checks = [
      ...this.#checks,
      { id: `${side}Control`, outcome: word === 'clear' ? 'passed' : 'failed', reason: word === 'clear' ? null : word },
    ];
    // A clear counts only when it is on disk (G1).
    const written = await this.#append({ type: 'answered', answer: answer.value });
    if (!written.ok) return this.#storeFailed();
    this.#mark(`${side}Answered`);
    diary.recorded('controlAnswered', { recordId: this.recordId, detail: `${side} ${word}` });
    if (written.value.state === 'prepared') diary.recorded('clearancePrepared', { recordId: this.recordId });
    this.tell({ type: 'answered', side, word });
  }

  async #notAnswered(side: Side, error: ControlError): Promise<void> {
    const invalid = error.code === 'controlAnswerInvalid';
    const reason = invalid ? error.problem : error.code;
    // Given up by ourselves, because the crossing has ended: no fault of the control.
    const givenUp = this.#asking.signal.aborted;
    this.#checks = [...this.#checks, { id: `${side}Control`, outcome: invalid ? 'failed' : 'notDone', reason }];
    this.tell({ type: 'notAnswered', side, problem: invalid ? 'invalid' : 'noAnswer' });
    if (givenUp) return;
    await this.#services.diary.note(invalid ? 'controlAnswerInvalid' : 'controlUnreachable', {
      recordId: this.recordId,
      owner: side,
      detail: `${side} ${reason}`,
    });
  }

  async #commit(): Promise<void> {
    const { store, diary } = this.#services;
    const committed = await store.commit(this.recordId);
    this.#mark('committed');
    if (committed.ok) {
      diary.recorded('clearanceCommitted', { recordId: this.recordId });
      return this.tell({ type: 'committed' });
    }
    if (committed.error.code === 'commitRefused') return this.tell({ type: 'commitRefused' });
    this.#storeFailed();
  }

  async #releaseLastDoor(door: number): Promise<void> {
    const { diary, clock } = this.#services;
    this.#released.add(`${door} forward`);
    const shut = await this.#shutting;
    if (!shut.ok) return this.tell({ type: 'doorFault', door });
    const released = await releaseLastDoor(this.recordId, door, {
      ...this.#services,
      stillLeaving: () => this.snapshot.matches('leaving'),
    });
    this.#mark('lastDoor');
    if (!released.ok) {
      const { code } = released.error;
      if (code === 'overtaken') return;
      if (code === 'clearanceExpired') return this.tell({ type: 'clearanceExpired' });
      if (code === 'storeFailed') return this.#storeFailed();
      return this.tell({ type: 'doorFault', door });
    }
    this.#stopExpiry = clock.after(Math.max(0, released.value.endsAtMs - clock.nowMs()), () =>
      this.tell({ type: 'clearanceExpired' }),
    );
    diary.recorded('doorReleased', { recordId: this.recordId, detail: `door ${door}` });
    this.#lamp(door, 'green');
  }

  /** Shut first, wait until nobody stands in the door, then count. With the controller away this is tried until it is back. */
  async #settlePassage(door: number): Promise<void> {
    const { doors, store, clock, diary } = this.#services;
    await doors.closeDoor(door);
    const [record, now] = [await store.read(this.recordId), await countWhenClear(doors, door)];
    if (now.ok && now.value !== null && record.ok) {
      const release = record.value.lastDoorRelease;
      // Without a release on disk the door was never opened for this record.
      const verdict = release === null ? 'notPassed' : judgePassage(release.passagesBefore, now.value);
      if (verdict === 'uncertain')
        await diary.note('unexpectedPassage', { recordId: this.recordId, detail: `door ${door}` });
      return this.tell({ type: 'passageSettled', verdict });
    }
    if (!this.snapshot.matches('settling')) return;
    clock.after(SETTLE_RETRY_MS, () => void this.#perform({ type: 'settlePassage', door }));
  }

  async #endRecord(ending: CrossingEnding): Promise<void> {
    const { store, diary } = this.#services;
    this.#asking.abort();
    const written = await writeEnding(ending, this.recordId, this.checks, store);
    this.#mark('ended');
    if (!written.ok) return this.#storeFailed();
    diary.recorded(written.value.event, {
      recordId: this.recordId,
      owner: written.value.owner,
      ...(written.value.detail === null ? {} : { detail: written.value.detail }),
    });
    this.tell({ type: 'recordEnded' });
  }

  #append(fact: RecordFact): Promise<Result<RecordSnapshot, StoreError>> {
    return this.#services.store.append(this.recordId, fact);
  }

  #storeFailed(): void {
    this.#services.onStoreFailed();
    this.tell({ type: 'storeFailed' });
  }

  #mark(step: string): void {
    this.#marks.push({ step, atMs: this.#services.clock.monotonicMs() - this.#startedMs });
  }

  #finish(snapshot: CrossingSnapshot): void {
    this.#asking.abort();
    this.#stopExpiry?.();
    this.#services.capture.release();
    const output = snapshot.output ?? { ending: null, place: 'outside', unwritten: true, unrecorded: false };
    this.#listener.onDone({ recordId: this.recordId, output, marks: this.#marks, checks: this.checks });
  }
}

const SETTLE_RETRY_MS = 250;
const LAMP_DELAY_MS = 120;
