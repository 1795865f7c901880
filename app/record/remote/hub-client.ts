import type { z } from 'zod';
import { HUB_PROBLEM_MEDIA_TYPE, type HubProblem, hubProblemSchema } from '../../contract/hub-problems.ts';
import { ATTEMPT_HEADER, LIFE_HEADER, MAX_HUB_BODY_BYTES } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { type HubConnection, type HubReply, type HubRequest, type HubTls, openConnection } from './https-exchange.ts';
import { systemTiming, type Timing } from './timing.ts';

export interface HubClientOptions {
  /** Every hub of the port, the preferred one first, e.g. `https://hub-1.port.example:8444`. */
  readonly urls: readonly string[];
  readonly tls: HubTls;
  /** Of one try; then another hub is asked. Milliseconds. */
  readonly attemptTimeoutMs?: number;
  /** Of a whole call with all its tries. Milliseconds. */
  readonly timeoutMs?: number;
  readonly timing?: Timing;
}

export type HubCallError =
  /** The hub understood and said no. */
  | { readonly code: 'refused'; readonly problem: HubProblem }
  /** No hub answered in time. `sent`: one may have done what was asked. */
  | { readonly code: 'hubAway'; readonly detail: string; readonly sent: boolean }
  | { readonly code: 'answerInvalid'; readonly detail: string };

export interface HubCall<T> {
  readonly method: HubRequest['method'];
  readonly path: string;
  /** JSON; null sends none. */
  readonly body: unknown;
  /** The lane's life the call is made in; null for the few calls that need none. */
  readonly life: number | null;
  /** Null: an answer without content. */
  readonly answer: z.ZodType<T> | null;
  readonly etag?: string;
  /** Instead of the client's own limits, for a call that waits (long poll) or that carries much. */
  readonly timeoutMs?: number;
}

export interface HubAnswer<T> {
  /** Null for 204 and 304. */
  readonly value: T | null;
  readonly etag: string | null;
  readonly notModified: boolean;
}

export interface HubClient {
  call<T>(call: HubCall<T>): Promise<Result<HubAnswer<T>, HubCallError>>;
  /** The address that answered last. */
  readonly url: string;
  close(): void;
}

const ATTEMPT_TIMEOUT_MS = 2_000;
const TIMEOUT_MS = 5_000;
const FIRST_PAUSE_MS = 25;
const MAX_PAUSE_MS = 400;

/** Answers that say "not now": another hub, or the same one a moment later, may do it. */
const TRY_AGAIN = new Set([429, 502, 503, 504]);

/**
 * A lane's way to the hubs of its port. A call is tried at one hub after the other until one answers or its time is over;
 * every repeat says so (`jointgate-attempt`), and the hub then finds what an earlier try has done.
 */
export function openHubClient(options: HubClientOptions): HubClient {
  const { timing = systemTiming } = options;
  const connections = options.urls.map((url) => openConnection(url, options.tls, timing));
  if (connections.length === 0) throw new TypeError('a hub client needs the address of a hub');
  const { attemptTimeoutMs = ATTEMPT_TIMEOUT_MS, timeoutMs = TIMEOUT_MS } = options;
  let preferred = 0;
  let closed = false;

  const connection = (): HubConnection => connections[preferred % connections.length] as HubConnection;

  return {
    get url() {
      return connection().url;
    },
    close: () => {
      closed = true;
      for (const each of connections) each.close();
    },
    call: async <T>(call: HubCall<T>): Promise<Result<HubAnswer<T>, HubCallError>> => {
      const body = call.body === null ? null : JSON.stringify(call.body);
      if (body !== null && Buffer.byteLength(body) > MAX_HUB_BODY_BYTES) {
        return err({ code: 'hubAway', detail: 'larger than the limit', sent: false });
      }
      const endsAt = timing.monotonicMs() + (call.timeoutMs ?? timeoutMs);
      let sent = false;
      let detail = 'notTried';
      for (let attempt = 1; !closed; attempt++) {
        const leftMs = endsAt - timing.monotonicMs();
        if (leftMs < 1) break;
        const tried = preferred;
        const limitMs = Math.min(leftMs, call.timeoutMs ?? attemptTimeoutMs);
        // Repeated only if the first may have been done; a hub that was not reached has done nothing.
        const got = await connection().exchange(requestOf(call, body, sent), limitMs);
        if (got.ok && !TRY_AGAIN.has(got.value.status)) return read(call, got.value);
        if (got.ok) {
          const problem = problemOf(got.value);
          detail = problem?.code ?? `http${got.value.status}`;
          sent = true;
        } else {
          detail = got.error.detail;
          sent ||= got.error.code === 'lost';
        }
        // Unless another call has moved on already.
        if (preferred === tried) preferred = (tried + 1) % connections.length;
        // Once round all hubs without a pause: one that is well answers at once.
        const round = Math.floor((attempt - 1) / connections.length);
        const pauseMs = attempt < connections.length ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** round, MAX_PAUSE_MS);
        if (pauseMs > 0) await pause(timing, Math.min(pauseMs, Math.max(0, endsAt - timing.monotonicMs())));
      }
      return err({ code: 'hubAway', detail: closed ? 'closed' : detail, sent });
    },
  };
}

function requestOf({ method, path, life, etag }: HubCall<unknown>, body: string | null, repeat: boolean): HubRequest {
  return {
    method,
    path,
    body,
    headers: {
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...(life === null ? {} : { [LIFE_HEADER]: `${life}` }),
      ...(repeat ? { [ATTEMPT_HEADER]: '2' } : {}),
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    },
  };
}

function read<T>(call: HubCall<T>, reply: HubReply): Result<HubAnswer<T>, HubCallError> {
  const { status, etag } = reply;
  if (status === 204 || status === 304) return ok({ value: null, etag, notModified: status === 304 });
  if (status !== 200) {
    const problem = problemOf(reply);
    return err(problem === null ? { code: 'answerInvalid', detail: `http${status}` } : { code: 'refused', problem });
  }
  const found = call.answer?.safeParse(parseJson(reply.body));
  if (found === undefined || !found.success) {
    const issue = found?.error.issues[0];
    return err({
      code: 'answerInvalid',
      detail: `${issue?.path.map(String).join('.') ?? 'answer'} ${issue?.code ?? ''}`,
    });
  }
  return ok({ value: found.data, etag, notModified: false });
}

function problemOf({ mediaType, body }: HubReply): HubProblem | null {
  if (mediaType !== HUB_PROBLEM_MEDIA_TYPE) return null;
  const found = hubProblemSchema.safeParse(parseJson(body));
  return found.success ? found.data : null;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Not JSON: the schema then says so.
    return undefined;
  }
}

function pause(timing: Timing, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timing.after(ms, resolve);
  });
}
