import Database from 'better-sqlite3';
import {
  type AnswerBody,
  CONTROL_PROTOCOL_VERSION,
  type ControlAnswer,
  type Notice,
  type PrepareRequest,
} from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { canonicalBytes } from '../../crypto/canonical-json.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import { openSealer, type Sealer } from '../../crypto/sealing.ts';
import type { SigningKey } from '../../crypto/signing.ts';
import { evidenceDigest, signAnswer } from '../answer-signing.ts';
import type { ControlKey } from '../control.ts';
import { type SealTo, sealReason } from '../reason.ts';
import { isGenuineReceipt } from '../receipt-check.ts';
import { type Decision, decide } from '../rules/decide.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { answerOf, type CrossingRow, createCrossingLog } from './crossing-log.ts';
import type { ControlDatabase } from './database.ts';
import { gatherFacts } from './gather-facts.ts';
import { settleHoldings } from './holdings.ts';
import { createIdentity, type Identity } from './identity.ts';
import { type AlarmCode, type CrossingState, nextState } from './notice-rules.ts';
import { createRegister, type Register } from './register.ts';

export type EngineError =
  /** The record is known with other evidence, another document or another consent. */
  | { readonly code: 'evidenceChanged' }
  | { readonly code: 'recordVoided' }
  /** The same step of the same record with another content or another idempotency key's content. */
  | { readonly code: 'noticeChanged' }
  /** A receipt that no lane this side knows has signed for this record and this side's answer. */
  | { readonly code: 'receiptForged' }
  | { readonly code: 'storeFailed'; readonly detail: string };

export interface ControlAlarm {
  readonly side: Side;
  readonly recordId: string;
  readonly code: AlarmCode;
}

export interface EngineOptions {
  readonly side: Side;
  readonly database: ControlDatabase;
  /** The rules that hold at this moment. */
  readonly rules: () => RuleSet;
  /** The key that signs at this moment. */
  readonly signingKey: () => SigningKey;
  /** The public keys lanes sign receipts with; null: receipts are taken as the connection has brought them. */
  readonly laneKeys: readonly ControlKey[] | null;
  readonly sealTo: SealTo;
  /** 32 bytes that key the hashes of documents, names and holders. */
  readonly secret: Uint8Array;
  readonly nowMs: () => number;
  /** How long after an answer's expiry a commit may still be told before what it holds is given back. */
  readonly graceMs: number;
  readonly onAlarm: (alarm: ControlAlarm) => void;
}

/** One side's control: decides, signs, persists. Input is already validated; all of it is synchronous and durable on return. */
export interface Engine {
  readonly identity: Identity;
  readonly register: Register;
  prepare(request: PrepareRequest): Result<ControlAnswer, EngineError>;
  notify(notice: Notice, idempotencyKey: string): Result<void, EngineError>;
  stateOf(recordId: string): Result<CrossingState | null, EngineError>;
  /** Clears past their expiry of which nothing was heard, oldest first. */
  unresolved(limit: number): Result<readonly string[], EngineError>;
  /** What the record's home says became of one of them. A passage is believed with its receipt only; its commit is not in doubt. */
  learnOutcome(recordId: string, outcome: 'committed' | 'voided'): Result<void, EngineError>;
  /** Gives back what clears hold that nobody committed by expiry plus grace; each is an alarm. Gives how many. */
  lapseOverdue(): Result<number, EngineError>;
  /** Erases ended crossings last touched before then; gives how many. */
  erase(beforeMs: number): Result<number, EngineError>;
  /** Several of the calls above as one transaction and one flush, each with its own outcome. Throws when nothing was written. */
  together<T>(calls: readonly (() => T)[]): readonly T[];
}

/** At most this many crossings that nobody ended are given back with one answer, so that an answer stays quick. */
const LAPSES_PER_ANSWER = 32;

export function createEngine(options: EngineOptions): Engine {
  const { database, side, nowMs, laneKeys } = options;
  const identity = createIdentity(options.secret);
  const register = createRegister(database);
  const log = createCrossingLog(database);
  const sealer = openSealer(options.sealTo.publicKeyRaw, options.sealTo.keyId);
  const raised: ControlAlarm[] = [];
  /** No clear of ours that waits expires before then: saves a look at the file with every answer. This process alone writes crossings. */
  let nothingBeforeMs = Number.NEGATIVE_INFINITY;
  /** A transaction of several calls is under way: theirs are part of it. */
  let joined = false;

  function transact<T>(work: () => Result<T, EngineError>): Result<T, EngineError> {
    if (!database.open) return err({ code: 'storeFailed', detail: 'closed' });
    if (joined) return work();
    try {
      return durably(work);
    } catch (cause) {
      if (!(cause instanceof Database.SqliteError)) throw cause;
      // Disk full, read-only, locked: nothing was written and nothing is answered.
      return err({ code: 'storeFailed', detail: cause.code });
    }
  }

  function durably<T>(work: () => T): T {
    raised.length = 0;
    const result = sealed(() => database.transaction(work).immediate());
    // Told only once they are durable, and where a fault of the listener can undo nothing.
    for (const alarm of raised) options.onAlarm(alarm);
    return result;
  }

  /** What is decided in one transaction shares an ephemeral key, which is gone with it: nobody here can open it afterwards. */
  function sealed<T>(work: () => T): T {
    try {
      return work();
    } finally {
      sealer.renew();
    }
  }

  function alarm(recordId: string, code: AlarmCode): void {
    if (log.raise(recordId, code, nowMs())) raised.push({ side, recordId, code });
  }

  function lapse(atMs: number): number {
    if (atMs - options.graceMs <= nothingBeforeMs) return 0;
    const overdue = log.expired(atMs - options.graceMs, LAPSES_PER_ANSWER);
    for (const row of overdue) {
      log.update(settleHoldings(row, 'lapsed', atMs, side, register), atMs);
      alarm(row.recordId, 'clearLapsed');
    }
    // Only after a look that has changed nothing: what is undone together with this call must be found again.
    if (overdue.length === 0) nothingBeforeMs = log.firstExpiryMs() ?? Number.POSITIVE_INFINITY;
    return overdue.length;
  }

  function decideNow(request: PrepareRequest, requestDigest: string): ControlAnswer {
    const atMs = nowMs();
    const rules = options.rules();
    const { facts, holder } = gatherFacts(request, atMs, rules, { identity, register, log });
    const decision = decide(rules, facts);
    const answer = signAnswer(composeBody(request, decision, atMs, side, sealer), options.signingKey());
    const row: CrossingRow = {
      recordId: request.evidence.recordId,
      state: 'prepared',
      word: decision.word,
      requestDigest,
      answer: JSON.stringify(answer),
      expiresAtMs: atMs + decision.expiresInMs,
      holder,
      held: false,
      moved: false,
      uses: decision.uses,
      day: facts.today,
      presenceBefore: null,
    };
    log.insert(settleHoldings(row, 'prepared', atMs, side, register), atMs);
    nothingBeforeMs = Math.min(nothingBeforeMs, row.expiresAtMs);
    return answer;
  }

  return {
    identity,
    register,

    prepare(request) {
      const requestDigest = identity.request(request);
      return transact(() => {
        lapse(nowMs());
        const known = log.find(request.evidence.recordId);
        if (known === null) return ok(decideNow(request, requestDigest));
        const answered = answerOf(known);
        if (known.state === 'voided' || answered === null) return err({ code: 'recordVoided' });
        if (known.requestDigest === requestDigest) return ok(answered);
        alarm(known.recordId, 'evidenceChanged');
        return err({ code: 'evidenceChanged' });
      });
    },

    notify(notice, idempotencyKey) {
      const digest = sha256Hex(canonicalBytes(notice));
      return transact(() => {
        const { recordId, step } = notice;
        const told = log.notice(recordId, step);
        if (told !== null) {
          if (told.digest === digest) return ok();
          alarm(recordId, 'noticeChanged');
          return err({ code: 'noticeChanged' });
        }
        const known = log.find(recordId);
        if (step === 'receipt' && laneKeys !== null && !isGenuineReceipt(notice, laneKeys, known && answerOf(known))) {
          alarm(recordId, 'receiptForged');
          return err({ code: 'receiptForged' });
        }
        const next = nextState(known, step);
        if (next.alarm !== null) alarm(recordId, next.alarm);
        if (next.state !== null) {
          const row = settleHoldings(known ?? tombstone(recordId), next.state, Date.parse(notice.at), side, register);
          if (known === null) log.insert(row, nowMs());
          else log.update(row, nowMs());
        }
        log.saveNotice(recordId, step, { idempotencyKey, digest });
        return ok();
      });
    },

    unresolved: (limit) => transact(() => ok(log.unresolved(nowMs(), limit))),

    learnOutcome: (recordId, outcome) =>
      transact(() => {
        const known = log.find(recordId);
        const next = nextState(known, outcome === 'committed' ? 'commit' : 'void');
        if (next.alarm !== null) alarm(recordId, next.alarm);
        if (known !== null && next.state !== null) {
          log.update(settleHoldings(known, next.state, nowMs(), side, register), nowMs());
        }
        return ok();
      }),

    lapseOverdue: () =>
      transact(() => {
        let lapsed = 0;
        for (let more = LAPSES_PER_ANSWER; more === LAPSES_PER_ANSWER; lapsed += more) more = lapse(nowMs());
        return ok(lapsed);
      }),

    stateOf: (recordId) => transact(() => ok(log.find(recordId)?.state ?? null)),
    together: (calls) => {
      if (!database.open) return calls.map((call) => call());
      return durably(() => {
        joined = true;
        try {
          return calls.map((call) => call());
        } finally {
          joined = false;
        }
      });
    },
    erase(beforeMs) {
      const erased = transact(() => ok(log.erase(beforeMs)));
      if (erased.ok) scrub(database);
      return erased;
    },
  };
}

/** `secure_delete` has overwritten what was freed; the log still holds it until it is folded in and cut to nothing. */
function scrub(database: ControlDatabase): void {
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.exec('VACUUM');
  database.pragma('wal_checkpoint(TRUNCATE)');
}

function composeBody(
  request: PrepareRequest,
  decision: Decision,
  atMs: number,
  side: Side,
  sealer: Sealer,
): AnswerBody {
  const { recordId } = request.evidence;
  const bound = { side, recordId, evidenceDigest: evidenceDigest(request.evidence) };
  const { code, rule, silent } = decision;
  return {
    version: CONTROL_PROTOCOL_VERSION,
    ...bound,
    word: decision.word,
    answeredAt: new Date(atMs).toISOString(),
    expiresAt: new Date(atMs + decision.expiresInMs).toISOString(),
    ruleVersion: decision.ruleVersion,
    // Also for `clear`: an answer with a reason and one without must not be told apart.
    reason: sealReason({ code, rule, silent }, sealer, bound),
  };
}

/** Stands for a record that was voided before this side was asked. */
function tombstone(recordId: string): CrossingRow {
  return {
    recordId,
    state: 'voided',
    word: null,
    requestDigest: null,
    answer: null,
    expiresAtMs: 0,
    holder: null,
    held: false,
    moved: false,
    uses: { endorsementId: null, stayDays: null, quotas: [] },
    day: null,
    presenceBefore: null,
  };
}
