import type { ControlError, ControlRelease, Notice, PrepareRequest } from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Control, ControlKey } from '../control.ts';
import { PROBLEM_MEDIA_TYPE, type ProblemCode, problemSchema } from '../protocol/problems.ts';
import {
  DEADLINE_HEADER,
  IDEMPOTENCY_HEADER,
  keysSchema,
  RELEASE_HEADER,
  ROUTES,
  type RouteName,
  releaseHeaderOf,
} from '../protocol/routes.ts';
import { isGenuineReceipt } from '../receipt-check.ts';
import { type BreakerOptions, createCircuitBreaker } from './circuit-breaker.ts';
import { type ClientTls, createHttpsClient, type Exchange, type Reply } from './https-exchange.ts';

export interface RemoteControlOptions {
  readonly side: Side;
  /** `https://control.example:8443`; anything but https is a mistake and throws. */
  readonly url: string;
  readonly tls: ClientTls;
  readonly clock?: Clock;
  /** Spread of back-off, 0..1; default Math.random. */
  readonly random?: () => number;
  /** A connection that hangs is given up after this and another is tried, as long as the caller still waits. */
  readonly attemptTimeoutMs?: number;
  readonly maxAttempts?: number;
  readonly breaker?: BreakerOptions;
  /** The lane's own public keys: a receipt that none of them has signed is not sent. Left out: not looked at. */
  readonly laneKeys?: readonly ControlKey[];
}

const DEFAULT_ATTEMPT_TIMEOUT_MS = 1_000;
const DEFAULT_MAX_ATTEMPTS = 4;
const DEFAULT_BREAKER: BreakerOptions = { threshold: 5, coolDownMs: 2_000 };
const FIRST_BACK_OFF_MS = 50;
/** For `keys`, which has no deadline of its own. */
const KEYS_TIMEOUT_MS = 5_000;

/** Answers that say "not now": asking again is allowed, since every request is idempotent. */
const TRY_AGAIN = new Set([429, 502, 503, 504]);

type Attempt = Result<Reply, { readonly code: 'retry'; readonly detail: string } | { readonly code: 'tooLarge' }>;

/**
 * A control on the network. Answers come back unread but for being JSON: `verifyAnswer` decides whether they count. Each
 * request is sent again on a new connection while it fails and the caller waits; the control's idempotency makes that safe.
 */
export function openRemoteControl(options: RemoteControlOptions): Control {
  const { side, clock = systemClock, random = Math.random } = options;
  const baseUrl = new URL(options.url);
  if (baseUrl.protocol !== 'https:') throw new TypeError('a control is asked over https only');
  const client = createHttpsClient(baseUrl, options.tls);
  const breaker = createCircuitBreaker(options.breaker ?? DEFAULT_BREAKER);
  const maxAttempts = options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
  const attemptTimeoutMs = options.attemptTimeoutMs ?? DEFAULT_ATTEMPT_TIMEOUT_MS;

  async function attempt(exchange: Exchange, signal: AbortSignal): Promise<Attempt> {
    const limit = new AbortController();
    const cancel = clock.after(attemptTimeoutMs, () => limit.abort());
    try {
      const reply = await client.exchange(exchange, AbortSignal.any([signal, limit.signal]));
      if (!reply.ok) {
        if (reply.error.code === 'tooLarge') return err({ code: 'tooLarge' });
        return err({ code: 'retry', detail: reply.error.code === 'failed' ? reply.error.detail : 'hung' });
      }
      if (TRY_AGAIN.has(reply.value.status)) return err({ code: 'retry', detail: detailOf(reply.value) });
      return reply;
    } finally {
      cancel();
    }
  }

  async function send(exchangeAt: () => Exchange | null, signal: AbortSignal): Promise<Result<Reply, ControlError>> {
    const startedMs = clock.nowMs();
    let detail = 'notSent';
    for (let tried = 0; tried < maxAttempts; tried += 1) {
      if (tried > 0) await pause(backOffMs(tried, random()), signal, clock);
      const exchange = exchangeAt();
      if (signal.aborted || exchange === null) return timedOut(side, clock.nowMs() - startedMs);
      if (!breaker.mayTry(clock.nowMs())) return unreachable(side, tried === 0 ? 'circuitOpen' : detail);
      const reply = await attempt(exchange, signal);
      if (signal.aborted) {
        // Out of time: the control did not answer. Given up earlier (the traveller walked back): nothing is known.
        if (exchangeAt() === null) breaker.failed(clock.nowMs());
        else breaker.undecided();
        return timedOut(side, clock.nowMs() - startedMs);
      }
      if (reply.ok || reply.error.code === 'tooLarge') {
        breaker.succeeded();
        return reply.ok ? reply : invalid(side, 'malformed');
      }
      breaker.failed(clock.nowMs());
      detail = reply.error.detail;
    }
    return unreachable(side, detail);
  }

  return {
    side,

    async prepare({ release, ...request }, signal) {
      const body = JSON.stringify(request);
      const reply = await send(() => prepareExchange(request, body, release, clock.nowMs()), signal);
      if (!reply.ok) return reply;
      const { status, mediaType } = reply.value;
      if (status !== 200) return err(refusalOf(side, reply.value));
      const answer = mediaType === 'application/json' ? parseJson(reply.value.body) : undefined;
      return answer === undefined ? invalid(side, 'malformed') : ok(answer);
    },

    async notify(notice, idempotencyKey, signal) {
      const { laneKeys } = options;
      if (notice.step === 'receipt' && laneKeys !== undefined && !isGenuineReceipt(notice, laneKeys, null)) {
        return unreachable(side, 'receiptForged');
      }
      const exchange = noticeExchange(notice, idempotencyKey);
      const reply = await send(() => exchange, signal);
      if (!reply.ok) return reply;
      return reply.value.status === 204 ? ok() : err(refusalOf(side, reply.value));
    },

    async keys() {
      const limit = new AbortController();
      const cancel = clock.after(KEYS_TIMEOUT_MS, () => limit.abort());
      try {
        const reply = await send(() => ({ ...routeOf('keys'), headers: {}, body: null }), limit.signal);
        if (!reply.ok) return reply;
        if (reply.value.status !== 200) return err(refusalOf(side, reply.value));
        const read = keysSchema.safeParse(parseJson(reply.value.body));
        if (!read.success) return invalid(side, 'malformed');
        return read.data.side === side ? ok(read.data.keys) : invalid(side, 'wrongSide');
      } finally {
        cancel();
      }
    },

    async close() {
      client.close();
    },
  };
}

function routeOf(name: RouteName, recordId = ''): Pick<Exchange, 'method' | 'path'> {
  const { method, path } = ROUTES[name];
  return { method, path: path.replace('{id}', recordId) };
}

/** Null when there is no time left to ask in. */
function prepareExchange(
  request: PrepareRequest,
  body: string,
  release: ControlRelease | undefined,
  nowMs: number,
): Exchange | null {
  const leftMs = Math.floor(Date.parse(request.deadline) - nowMs);
  if (leftMs < 1) return null;
  const headers = {
    'content-type': 'application/json',
    [DEADLINE_HEADER]: String(Math.min(leftMs, 999_999)),
    ...(release === undefined ? {} : { [RELEASE_HEADER]: releaseHeaderOf(release) }),
  };
  return { ...routeOf('prepare', request.evidence.recordId), headers, body };
}

function noticeExchange(notice: Notice, idempotencyKey: string): Exchange {
  const headers = { 'content-type': 'application/json', [IDEMPOTENCY_HEADER]: idempotencyKey };
  return { ...routeOf(notice.step, notice.recordId), headers, body: JSON.stringify(notice) };
}

/** 50, 100, 200 ms and so on, each between half and the whole of it, so that lanes don't come back together. */
function backOffMs(tried: number, spread: number): number {
  return FIRST_BACK_OFF_MS * 2 ** (tried - 1) * (0.5 + spread / 2);
}

function pause(delayMs: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = (): void => {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(delayMs, finish);
    signal.addEventListener('abort', finish);
  });
}

function refusalOf(side: Side, reply: Reply): ControlError {
  const code = problemCodeOf(reply);
  if (code === 'evidenceChanged') return { code: 'controlAnswerInvalid', side, problem: 'foreignEvidence' };
  if (code === 'wrongSide') return { code: 'controlAnswerInvalid', side, problem: 'wrongSide' };
  if (code === 'deadlinePassed') return { code: 'controlTimeout', side, timeoutMs: 0 };
  return { code: 'controlUnreachable', side, detail: detailOf(reply) };
}

function detailOf(reply: Reply): string {
  return problemCodeOf(reply) ?? `http${reply.status}`;
}

function problemCodeOf(reply: Reply): ProblemCode | null {
  if (reply.mediaType !== PROBLEM_MEDIA_TYPE) return null;
  const read = problemSchema.safeParse(parseJson(reply.body));
  return read.success ? read.data.code : null;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Not JSON: the caller calls it malformed.
    return undefined;
  }
}

function timedOut(side: Side, timeoutMs: number): Result<never, ControlError> {
  return err({ code: 'controlTimeout', side, timeoutMs });
}

function unreachable(side: Side, detail: string): Result<never, ControlError> {
  return err({ code: 'controlUnreachable', side, detail });
}

function invalid(side: Side, problem: 'malformed' | 'wrongSide'): Result<never, ControlError> {
  return err({ code: 'controlAnswerInvalid', side, problem });
}
