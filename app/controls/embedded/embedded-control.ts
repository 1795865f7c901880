import {
  type ControlAnswer,
  type ControlError,
  noticeSchema,
  prepareRequestSchema,
} from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { SigningKey } from '../../crypto/signing.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Control, ControlKey } from '../control.ts';
import type { SealTo } from '../reason.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { type ControlDatabase, type DatabaseError, openDatabase, storeDetail } from './database.ts';
import { type ControlAlarm, createEngine, type Engine, type EngineError } from './engine.ts';
import { grouped } from './grouped.ts';
import type { CrossingState } from './notice-rules.ts';
import { openRuleBook, type RuleBook, type RuleBookError } from './rule-book.ts';
import { loadSeed, type Movement, recordMovement, type SeedError, type SeedReport } from './seed.ts';

export interface EmbeddedControlOptions {
  readonly side: Side;
  /** Folder of this side's own file `control-{side}.sqlite`. */
  readonly dataDir: string;
  /** What the configuration says. Its version counts when it is new; what an administrator changed since is kept. */
  readonly rules: RuleSet;
  readonly signingKey: SigningKey;
  /** Other keys of this side that are valid now: the one before, or the next one, while keys are being changed. */
  readonly alsoValid?: readonly ControlKey[];
  /** The public keys lanes sign their receipts with. Left out (tests, one's own lane): receipts are not checked. */
  readonly laneKeys?: readonly ControlKey[];
  /** Public half only: the lane must not be able to read what it seals. */
  readonly sealTo: SealTo;
  /** 32 secret bytes of this side, for keyed hashes. */
  readonly secret: Uint8Array;
  readonly clock?: Clock;
  readonly graceMs?: number;
  /** Memory for pages of its file, KiB: a lane's, or `PORT_CACHE_KIB` for a control that serves many. */
  readonly cacheKib?: number;
  /** Called once a record and code. */
  readonly onAlarm?: (alarm: ControlAlarm) => void;
}

export type OpenControlError =
  | DatabaseError
  | RuleBookError
  | { readonly code: 'rulesOfOtherSide'; readonly found: Side };

/** Why a request was turned down before or instead of a decision. The server says the same codes as problems. */
export type RequestError =
  | EngineError
  | { readonly code: 'requestMalformed'; readonly problems: readonly string[] }
  | { readonly code: 'requestTooLarge' }
  | { readonly code: 'wrongSide' }
  | { readonly code: 'deadlinePassed' };

export interface EmbeddedControl extends Control {
  /** As `prepare` and `notify`, for data that came over the wire: errors say what is wrong with the request. */
  handlePrepare(request: unknown): Result<ControlAnswer, RequestError>;
  handleNotice(notice: unknown, idempotencyKey: string): Result<void, RequestError>;
  /** As the two above, for a server with many clients: what comes in together is made durable by one flush, then answered. */
  takePrepare(request: unknown): Promise<Result<ControlAnswer, RequestError>>;
  takeNotice(notice: unknown, idempotencyKey: string): Promise<Result<void, RequestError>>;
  stateOf(recordId: string): Result<CrossingState | null, EngineError>;
  /** Signs with another key from now on; the others given are valid beside it. No request is turned down for it. */
  signWith(signingKey: SigningKey, alsoValid: readonly ControlKey[]): void;
  /** The rules, for an administrator: what holds, what held, and a new version that holds from the next decision on. */
  readonly rules: RuleBook;
  /** For `outcome-inquiry.ts`. */
  unresolved: Engine['unresolved'];
  learnOutcome: Engine['learnOutcome'];
  lapseOverdue: Engine['lapseOverdue'];
  /** Loads holders, endorsements and the watchlist (`jointgate-entitlements/1`). */
  seed(data: unknown): Result<SeedReport, SeedError>;
  /** Tells a movement seen elsewhere; false when something newer is known. */
  recordMovement(movement: Movement): Result<boolean, SeedError>;
  erase(beforeMs: number): Result<number, EngineError>;
}

/** In-process requests carry a notice's open-ended detail; nothing sensible is longer. */
const MAX_REQUEST_CHARS = 256 * 1024;
const DEFAULT_GRACE_MS = 60_000;

/** Opens one side's embedded control: the same protocol as on the network, decided and kept in this process. */
export async function openEmbeddedControl(
  options: EmbeddedControlOptions,
): Promise<Result<EmbeddedControl, OpenControlError>> {
  const { side, clock = systemClock } = options;
  if (options.rules.side !== side) return err({ code: 'rulesOfOtherSide', found: options.rules.side });
  const opened = openDatabase(options.dataDir, side, options.cacheKib);
  if (!opened.ok) return opened;
  const database = opened.value;
  const book = readRules(database, options.rules, clock.nowMs());
  if (!book.ok) {
    database.close();
    return book;
  }
  const rules = book.value;
  let { signingKey, alsoValid = [] } = options;
  const engine = createEngine({
    ...options,
    rules: rules.current,
    signingKey: () => signingKey,
    laneKeys: options.laneKeys ?? null,
    database,
    nowMs: () => clock.nowMs(),
    graceMs: options.graceMs ?? DEFAULT_GRACE_MS,
    onAlarm: options.onAlarm ?? (() => undefined),
  });

  function handlePrepare(input: unknown): Result<ControlAnswer, RequestError> {
    const request = readRequest(prepareRequestSchema, input);
    if (!request.ok) return request;
    if (request.value.side !== side) return err({ code: 'wrongSide' });
    // The lane's clock may differ as much as the rules allow; its answer would only be late.
    const deadlineMs = Date.parse(request.value.deadline) + rules.current().freshness.maxClockSkewMs;
    if (deadlineMs <= clock.nowMs()) return err({ code: 'deadlinePassed' });
    return engine.prepare(request.value);
  }

  function handleNotice(input: unknown, idempotencyKey: string): Result<void, RequestError> {
    const notice = readRequest(noticeSchema, input);
    if (!notice.ok) return notice;
    if (notice.value.side !== side) return err({ code: 'wrongSide' });
    return engine.notify(notice.value, idempotencyKey);
  }

  const together = grouped((calls) => engine.together(calls));
  return ok({
    side,
    handlePrepare,
    handleNotice,
    takePrepare: (request) => together(() => handlePrepare(request)),
    takeNotice: (notice, idempotencyKey) => together(() => handleNotice(notice, idempotencyKey)),
    async prepare(request, signal) {
      if (signal.aborted) return err({ code: 'controlTimeout', side, timeoutMs: 0 });
      const answer = handlePrepare(request);
      return answer.ok ? answer : err(toControlError(side, answer.error));
    },
    async notify(notice, idempotencyKey, signal) {
      if (signal.aborted) return err({ code: 'controlTimeout', side, timeoutMs: 0 });
      const told = handleNotice(notice, idempotencyKey);
      return told.ok ? told : err(toControlError(side, told.error));
    },
    keys: async () => {
      const signs = { keyId: signingKey.keyId, raw: signingKey.publicKeyRaw };
      return ok([signs, ...alsoValid.filter(({ raw }) => raw !== signs.raw)]);
    },
    signWith(next, others) {
      signingKey = next;
      alsoValid = [...others];
    },
    rules,
    unresolved: engine.unresolved,
    learnOutcome: engine.learnOutcome,
    lapseOverdue: engine.lapseOverdue,
    close: async () => void database.close(),
    stateOf: engine.stateOf,
    erase: engine.erase,
    seed: (data) => loadSeed(data, database, engine.identity),
    recordMovement: (movement) => recordMovement(movement, engine.register, engine.identity),
  });
}

/** The few words the lane has for a control that does not answer. Changed evidence is a security alarm there, too. */
function toControlError(side: Side, error: RequestError): ControlError {
  switch (error.code) {
    case 'deadlinePassed':
      return { code: 'controlTimeout', side, timeoutMs: 0 };
    case 'wrongSide':
      return { code: 'controlAnswerInvalid', side, problem: 'wrongSide' };
    case 'evidenceChanged':
      return { code: 'controlAnswerInvalid', side, problem: 'foreignEvidence' };
    case 'storeFailed':
      return { code: 'controlUnreachable', side, detail: `storeFailed ${error.detail}` };
    case 'requestMalformed':
    case 'requestTooLarge':
    case 'recordVoided':
    case 'noticeChanged':
    case 'receiptForged':
      return { code: 'controlUnreachable', side, detail: error.code };
  }
}

/** A full or read-only disk shows here, at the first write. */
function readRules(database: ControlDatabase, given: RuleSet, atMs: number): Result<RuleBook, OpenControlError> {
  try {
    return openRuleBook(database, given, atMs);
  } catch (cause) {
    return err({ code: 'storeFailed', detail: storeDetail(cause) });
  }
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code: string;
}

function readRequest<T>(schema: Schema<T>, input: unknown): Result<T, RequestError> {
  if (sizeOf(input) > MAX_REQUEST_CHARS) return err({ code: 'requestTooLarge' });
  const read = schema.safeParse(input);
  if (read.success) return ok(read.data);
  // Path and kind of fault only: the values may be personal.
  const problems = read.error.issues.slice(0, 20).map(({ path, code }) => `${path.map(String).join('.')}: ${code}`);
  return err({ code: 'requestMalformed', problems });
}

function sizeOf(input: unknown): number {
  try {
    return JSON.stringify(input)?.length ?? 0;
  } catch {
    // Cycles and bigints are no JSON: whatever it is, it is not a request.
    return Number.POSITIVE_INFINITY;
  }
}
