import { type Actor, createActor } from 'xstate';
import type { Check, FaceEvidence, Side } from '../contract/crossing.ts';
import type { Result } from '../contract/result.ts';
import type { CaptureHint, TravellerView } from '../contract/traveller-view.ts';
import type { SideAnswer } from '../controls/ask.ts';
import type { CrossingOutput } from '../domain/crossing/context.ts';
import type { CrossingEffect, CrossingEnding } from '../domain/crossing/effects.ts';
import type { CrossingFact } from '../domain/crossing/facts.ts';
import { crossingMachine } from '../domain/crossing/machine.ts';
import { lastDoorOf } from '../domain/crossing/rules.ts';
import { type CrossingSnapshot, shownStep } from '../domain/crossing/step.ts';
import type { RecordSnapshot } from '../record/store.ts';
import { objectionTo, type PresentedDocument } from './accept-document.ts';
import { CheckList } from './check-list.ts';
import { isoNow } from './clock.ts';
import { type Continued, checksToGoOn, type Grants, type Inside, type ReleaseOrder, standingAt } from './continued.ts';
import { ControlRound } from './control-round.ts';
import { CrossingChip } from './crossing-chip.ts';
import { CrossingDoors } from './crossing-doors.ts';
import type { CrossingScope } from './crossing-scope.ts';
import type { CrossingServices } from './crossing-services.ts';
import type { EnrolledTraveller, EnrolmentError } from './enrolment-store.ts';
import { StepClock } from './step-clock.ts';
import { unreadRecord } from './unread-record.ts';
import { writeEnding } from './write-ending.ts';

/** A door that was opened for the way back is shut by then. */
const DOORS_SHUT_MS = 3_000;
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
  readonly #openedAt: string;
  readonly #marks: StepMark[] = [];
  readonly #scope: CrossingScope;
  readonly #checks: CheckList;
  readonly #doors: CrossingDoors;
  readonly #round: ControlRound;
  readonly #chip: CrossingChip | null;
  /** Officers have released the traveller of another record into this one. */
  readonly #from: Continued | null;
  readonly #stepClock: StepClock;
  #found: Result<EnrolledTraveller, EnrolmentError> | null = null;
  #traveller: EnrolledTraveller | null = null;
  /** Resolves when the models have the portrait; false where there is none. */
  #portraitReady: Promise<boolean> | null = null;
  #face: FaceEvidence | null = null;
  #hint: CaptureHint | null = null;

  constructor(
    recordId: string,
    document: PresentedDocument,
    services: CrossingServices,
    listener: CrossingListener,
    from: Continued | null = null,
  ) {
    this.recordId = recordId;
    this.#from = from;
    this.#traveller = from?.traveller ?? null;
    this.#face = from?.face ?? null;
    this.#document = document;
    this.#services = services;
    this.#listener = listener;
    this.#checks = new CheckList(from?.checks ?? document.checks);
    this.#startedMs = services.clock.monotonicMs();
    this.#openedAt = isoNow(services.clock);
    const { topology, delays, clock } = services;
    this.#stepClock = new StepClock(clock, delays, delays.timeoutWarning, () => listener.onChange());
    const resumes = from === null ? {} : { resumesAt: from.place };
    this.#actor = createActor(crossingMachine, { input: { topology, delays, ...resumes } });
    this.#scope = {
      recordId,
      services,
      checks: this.#checks,
      snapshot: () => this.snapshot,
      tell: (fact) => this.tell(fact),
      append: (fact) => services.store.append(recordId, fact),
      storeFailed: () => this.#storeFailed(),
      mark: (step) => this.#mark(step),
      attempt: (work) => this.#attempt(work),
    };
    this.#doors = new CrossingDoors(this.#scope, from?.doors);
    this.#round = new ControlRound(this.#scope);
    // Of somebody who goes on, what the chip said is among the checks; the document is in their hand again.
    this.#chip = from === null ? new CrossingChip(this.#scope, document) : null;
    this.#actor.on('*', (effect) => void this.#attempt(() => this.#do(effect)));
    this.#actor.subscribe((snapshot) => {
      this.#stepClock.changed(snapshot);
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
    return this.#doors.expects(door, direction);
  }

  /** Where the traveller stands who could be released; null while the crossing goes on, or when it is not certain who stands there. */
  get standing(): Inside | null {
    return this.#traveller === null ? null : standingAt(this.snapshot);
  }

  /** What officers of either side have released so far, for the person of this crossing. */
  get grants(): Grants {
    return this.#from?.grants ?? {};
  }

  /** The crossing that goes on from here, made before this one is over; null when nobody stands here who could. */
  goOn(order: ReleaseOrder, listener: CrossingListener): CrossingRun | null {
    const [place, traveller] = [this.standing, this.#traveller];
    if (place === null || traveller === null) return null;
    const face = this.#face ?? this.#services.capture.notCompared;
    const checks = checksToGoOn(this.checks, order.grants);
    const doors = this.#doors.released;
    const known = { place, face, checks, doors, traveller: { ...traveller, portrait: new Uint8Array(0) } };
    return new CrossingRun(order.recordId, this.#document, this.#services, listener, { ...order, ...known });
  }

  get snapshot(): CrossingSnapshot {
    return this.#actor.getSnapshot();
  }

  get shown(): ReturnType<typeof shownStep> & Pick<TravellerView, 'hint' | 'warnSecondsLeft'> {
    return { ...shownStep(this.snapshot), hint: this.#hint, warnSecondsLeft: this.#stepClock.warnSecondsLeft };
  }

  get answers(): Readonly<Record<Side, SideAnswer | null>> {
    return this.#round.answers;
  }

  get checks(): readonly Check[] {
    return this.#checks.all;
  }

  /** For the officer of somebody held while the record cannot be read. */
  get unreadRecord(): RecordSnapshot {
    const { laneId, direction } = this.#services;
    const known = { recordId: this.recordId, laneId, direction, openedAt: this.#openedAt };
    return unreadRecord({ ...known, checks: this.checks, face: this.#face, answers: this.answers });
  }

  get suggestedLanguage(): PresentedDocument['suggestedLanguage'] {
    return this.#document.suggestedLanguage;
  }

  async #attempt(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
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
        return this.#doors.open(effect.door, effect.direction);
      case 'shutDoor':
        return this.#doors.shut(effect.door);
      case 'startCapture':
        return this.#startCapture();
      case 'stopCapture':
        this.#hint = null;
        // Shown more time, the same portrait is given to the models once more.
        this.#portraitReady = null;
        return this.#services.capture.release();
      case 'askControls':
        return this.#askControls();
      case 'commit':
        return this.#commit();
      case 'releaseLastDoor':
        return this.#doors.releaseLast(effect.door);
      case 'extendLastDoor':
        return this.#doors.extendLast(effect.door);
      case 'settlePassage':
        return this.#doors.settle(effect.door);
      case 'endRecord':
        return this.#endRecord(effect.ending);
    }
  }

  async #openRecord(): Promise<void> {
    const { store, laneId, direction, diary, enrolment } = this.#services;
    if (this.#from === null) {
      this.#doors.lookAhead(1);
      this.#found = enrolment.find(this.#document.digest);
    }
    const traveller = this.#traveller ?? (this.#found?.ok ? this.#found.value : null);
    // Read while the record is written and the traveller walks in; nobody's who has not agreed.
    if (this.#from === null && traveller !== null && objectionTo(this.#document, traveller) === null)
      this.#portraitReady = this.#preparePortrait(traveller);
    // Every document of the profile is claimed at once: of two that come at the same instant, exactly one goes on (G3).
    const opened = await store.open({
      recordId: this.recordId,
      laneId,
      direction,
      documentDigests: [...new Set([this.#document.digest, ...Object.values(traveller?.documentDigests ?? {})])],
      profileDigest: traveller?.profileDigest ?? null,
      checks: this.#checks.all,
      ...(this.#from === null ? {} : { release: this.#from.opening }),
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
    if (this.#from !== null) return this.#identified(this.#from.traveller);
    const judged = await this.#chip?.beforeFirstDoor();
    if (judged != null) return this.tell({ type: 'notIdentified', code: judged.code, owner: judged.owner });
    // Ended meanwhile: nothing more is written.
    if (!this.snapshot.matches('identifying')) return;
    const found = this.#found;
    if (found === null || (!found.ok && found.error.code === 'storeFailed')) return this.#storeFailed();
    if (!found.ok) return this.#notIdentified('notEnrolled', 'notEnrolled');
    const objection = objectionTo(this.#document, found.value);
    if (objection !== null) return this.#notIdentified(objection.code, objection.reason);
    this.#traveller = found.value;
    this.#portraitReady ??= this.#preparePortrait(found.value);
    this.#checks.add({ id: 'profileAndConsent', outcome: 'passed', reason: null });
    return this.#identified(found.value);
  }

  async #identified(traveller: EnrolledTraveller): Promise<void> {
    const { diary } = this.#services;
    const { profileDigest, documentDigests } = traveller;
    const written = await this.#scope.append({
      type: 'identified',
      profileDigest,
      documentDigests: [...new Set(Object.values(documentDigests))],
      checks: this.checks,
    });
    if (written.ok) {
      this.#mark('identified');
      diary.recorded('documentIdentified', { recordId: this.recordId });
      this.tell({ type: 'identified' });
      return this.#chip?.identified();
    }
    if (written.error.code !== 'duplicateDocument') return this.#storeFailed();
    await this.#duplicate(written.error.liveRecordId);
    this.tell({ type: 'notIdentified', code: 'duplicateDocument', owner: 'port' });
  }

  async #preparePortrait({ portrait }: EnrolledTraveller): Promise<boolean> {
    const chosen = await this.#chip?.portrait(portrait);
    // A copy, because the desk overwrites what it was given.
    if (chosen != null && this.snapshot.status === 'active')
      this.#services.capture.prepare(this.recordId, Uint8Array.from(chosen));
    return chosen != null;
  }

  #notIdentified(code: 'notEnrolled' | 'consentMissing' | 'documentCheckFailed', reason: string): void {
    this.#checks.add({ id: 'profileAndConsent', outcome: 'failed', reason });
    this.tell({ type: 'notIdentified', code, owner: 'exit' });
  }

  async #duplicate(liveRecordId: string): Promise<void> {
    await this.#services.diary.note('duplicateDocument', { recordId: this.recordId, facts: { liveRecordId } });
  }

  async #startCapture(): Promise<void> {
    const { capture, diary } = this.#services;
    this.#mark('insideA');
    void diary.note('travellerEntered', { recordId: this.recordId });
    if (this.#traveller !== null) this.#portraitReady ??= this.#preparePortrait(this.#traveller);
    const ready = (await this.#portraitReady) ?? false;
    if (!this.snapshot.matches('verifying')) return;
    if (!ready) {
      this.#checks.add({ id: 'faceMatch', outcome: 'notDone', reason: 'noPortrait' });
      return this.tell({ type: 'faceNotAccepted', code: 'documentCheckFailed' });
    }
    await capture.start({
      onHint: (hint) => {
        this.#hint = hint;
        this.#listener.onChange();
      },
      onEnd: (end) => {
        this.#mark('faceDecided');
        this.#checks.add(...end.checks);
        if (end.type === 'notAccepted') return this.tell({ type: 'faceNotAccepted', code: end.code });
        this.#face = end.face;
        diary.recorded('faceVerified', { recordId: this.recordId });
        this.tell({ type: 'faceMatched' });
      },
    });
  }

  async #askControls(): Promise<void> {
    const [traveller, face] = [this.#traveller, this.#face];
    if (traveller === null || face === null) throw new Error('the controls are asked about a verified traveller only');
    // The other doors answer while the controls think; door 2 takes that answer.
    if (this.#scope.services.topology === 'threeDoor') this.#doors.lookAhead(2);
    if (this.#from !== null) {
      const { of } = this.#from.opening;
      // A control that has cleared the record before must know first that it came to nothing.
      await Promise.all([this.#services.untilTold(of), this.#doors.whenShut(DOORS_SHUT_MS)]);
      if (!this.snapshot.matches('asking')) return;
    }
    // Whatever the chip says is part of what both sides sign.
    if ((await this.#chip?.beforeControls()) ?? true) await this.#round.ask(traveller, face, this.grants);
  }

  async #commit(): Promise<void> {
    const { store, diary, topology } = this.#services;
    // The other doors answer while the commit is written.
    this.#doors.lookAhead(lastDoorOf(topology), true);
    const committed = await store.commit(this.recordId);
    this.#mark('committed');
    if (committed.ok) {
      diary.recorded('clearanceCommitted', { recordId: this.recordId });
      return this.tell({ type: 'committed' });
    }
    if (committed.error.code === 'commitRefused') return this.tell({ type: 'commitRefused' });
    this.#storeFailed();
  }

  async #endRecord(ending: CrossingEnding): Promise<void> {
    const { diary, topology } = this.#services;
    this.#round.giveUp();
    const passagesAfter = ending.state === 'passed' ? await this.#doors.countAfter(lastDoorOf(topology)) : null;
    const written = await writeEnding(ending, passagesAfter, this.#scope);
    this.#mark('ended');
    if (!written.ok) return this.#storeFailed();
    diary.recorded(written.value.event, {
      recordId: this.recordId,
      owner: written.value.owner,
      ...(written.value.detail === null ? {} : { detail: written.value.detail }),
    });
    this.tell({ type: 'recordEnded' });
  }

  #storeFailed(): void {
    this.#services.onStoreFailed();
    this.tell({ type: 'storeFailed' });
  }

  #mark(step: string): void {
    this.#marks.push({ step, atMs: this.#services.clock.monotonicMs() - this.#startedMs });
  }

  #finish(snapshot: CrossingSnapshot): void {
    this.#round.giveUp();
    this.#doors.end();
    this.#chip?.end();
    this.#stepClock.end();
    this.#traveller?.portrait.fill(0);
    this.#services.capture.release();
    const output = snapshot.output ?? { ending: null, place: 'outside', unwritten: true, unrecorded: false };
    this.#listener.onDone({ recordId: this.recordId, output, marks: this.#marks, checks: this.checks });
  }
}
