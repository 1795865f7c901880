import type { AnswerBody, ControlError, PrepareRequest } from '../../../app/contract/control-protocol.ts';
import type { Side } from '../../../app/contract/crossing.ts';
import { ok, type Result } from '../../../app/contract/result.ts';
import { evidenceDigest, signAnswer } from '../../../app/controls/answer-signing.ts';
import type { Control, ControlKey } from '../../../app/controls/control.ts';
import { type SealTo, sealReason } from '../../../app/controls/reason.ts';
import { openSealer } from '../../../app/crypto/sealing.ts';
import type { SigningKey } from '../../../app/crypto/signing.ts';

export interface OpeningHoursOptions {
  readonly side: Side;
  readonly signingKey: SigningKey;
  /** Public sealing key of this side's officers: only they read why. */
  readonly sealTo: SealTo;
  /** Hours of the port's day between which travellers are cleared, for example 6 to 22. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly hourNow: () => number;
  readonly nowMs: () => number;
}

const ANSWER_VALID_MS = 60_000;

/** A control of an authority of its own: clears while its office is open, and sends everybody to an officer otherwise. */
export class OpeningHoursControl implements Control {
  readonly side: Side;
  readonly #options: OpeningHoursOptions;

  constructor(options: OpeningHoursOptions) {
    this.side = options.side;
    this.#options = options;
  }

  prepare(request: PrepareRequest): Promise<Result<unknown, ControlError>> {
    const { signingKey, sealTo, opensAt, closesAt, hourNow, nowMs } = this.#options;
    const open = hourNow() >= opensAt && hourNow() < closesAt;
    const bound = {
      side: this.side,
      recordId: request.evidence.recordId,
      evidenceDigest: evidenceDigest(request.evidence),
    };
    const reason = sealReason(
      { rule: 'opening-hours', code: open ? 'allClear' : 'outsideOpeningHours', silent: false },
      // A new ephemeral key for each answer.
      openSealer(sealTo.publicKeyRaw, sealTo.keyId),
      bound,
    );
    const body: AnswerBody = {
      version: 1,
      ...bound,
      word: open ? 'clear' : 'refer',
      reason,
      answeredAt: new Date(nowMs()).toISOString(),
      expiresAt: new Date(nowMs() + ANSWER_VALID_MS).toISOString(),
      ruleVersion: 'example-1',
    };
    return Promise.resolve(ok(signAnswer(body, signingKey)));
  }

  /** Commits, voids and receipts: a real control writes them down before it says ok, once for each key. */
  notify(): Promise<Result<void, ControlError>> {
    return Promise.resolve(ok());
  }

  keys(): Promise<Result<readonly ControlKey[], ControlError>> {
    const { keyId, publicKeyRaw } = this.#options.signingKey;
    return Promise.resolve(ok([{ keyId, raw: publicKeyRaw }]));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
