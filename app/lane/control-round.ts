import type { ControlError } from '../contract/control-protocol.ts';
import type { FaceEvidence, Side } from '../contract/crossing.ts';
import { evidenceDigest } from '../controls/answer-signing.ts';
import { askBoth, type SideAnswer } from '../controls/ask.ts';
import type { Grants } from './continued.ts';
import type { CrossingScope } from './crossing-scope.ts';
import type { EnrolledTraveller } from './enrolment-store.ts';
import { jointEvidence, prepareRequests } from './evidence.ts';

/** Asks both controls at the same moment with the same evidence, and writes down what each answers before it counts. */
export class ControlRound {
  readonly #scope: CrossingScope;
  readonly #asking = new AbortController();
  #answers: Readonly<Record<Side, SideAnswer | null>> = { exit: null, entry: null };

  constructor(scope: CrossingScope) {
    this.#scope = scope;
  }

  get answers(): Readonly<Record<Side, SideAnswer | null>> {
    return this.#answers;
  }

  async ask(traveller: EnrolledTraveller, face: FaceEvidence, grants: Grants): Promise<void> {
    const { recordId, services, checks, append, storeFailed, mark } = this.#scope;
    const { laneId, direction, clock, delays, controls, controlKeys } = services;
    const verified = await append({ type: 'verified', face, checks: checks.all });
    if (!verified.ok) return storeFailed();
    const collectedAt = new Date(clock.nowMs()).toISOString();
    const evidence = jointEvidence({ recordId, laneId, direction, traveller, checks: checks.all, face, collectedAt });
    const asked = await append({ type: 'asked', evidence, evidenceDigest: evidenceDigest(evidence) });
    if (!asked.ok) return storeFailed();
    mark('asked');
    const deadline = new Date(clock.nowMs() + delays.controlDeadline).toISOString();
    await askBoth(controls, prepareRequests(evidence, traveller, deadline, grants), {
      deadlineMs: delays.controlDeadline,
      keys: controlKeys,
      clock,
      signal: this.#asking.signal,
      onAnswer: (side, answer) => void this.#answered(side, answer),
    });
  }

  /** The crossing has ended: nobody waits for an answer any more. */
  giveUp(): void {
    this.#asking.abort();
  }

  async #answered(side: Side, answer: SideAnswer): Promise<void> {
    const { recordId, services, checks, append, storeFailed, mark, tell } = this.#scope;
    this.#answers = { ...this.#answers, [side]: answer };
    if (!answer.ok) return this.#notAnswered(side, answer.error);
    const { word } = answer.value.body;
    const clear = word === 'clear';
    checks.add({ id: `${side}Control`, outcome: clear ? 'passed' : 'failed', reason: clear ? null : word });
    // A clear counts only when it is on disk (G1).
    const written = await append({ type: 'answered', answer: answer.value });
    if (!written.ok) return storeFailed();
    mark(`${side}Answered`);
    services.diary.recorded('controlAnswered', { recordId, detail: `${side} ${word}` });
    if (written.value.state === 'prepared') services.diary.recorded('clearancePrepared', { recordId });
    tell({ type: 'answered', side, word });
  }

  async #notAnswered(side: Side, error: ControlError): Promise<void> {
    const { recordId, services, checks, tell } = this.#scope;
    const invalid = error.code === 'controlAnswerInvalid';
    const reason = invalid ? error.problem : error.code;
    // Given up by ourselves, because the crossing has ended: no fault of the control.
    const givenUp = this.#asking.signal.aborted;
    checks.add({ id: `${side}Control`, outcome: invalid ? 'failed' : 'notDone', reason });
    tell({ type: 'notAnswered', side, problem: invalid ? 'invalid' : 'noAnswer' });
    if (givenUp) return;
    await services.diary.note(invalid ? 'controlAnswerInvalid' : 'controlUnreachable', {
      recordId,
      owner: side,
      detail: `${side} ${reason}`,
    });
  }
}
