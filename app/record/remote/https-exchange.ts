import { type Dispatcher, Pool } from 'undici';
import { err, ok, type Result } from '../../contract/result.ts';
import { systemTiming, type Timing } from './timing.ts';

export interface HubTls {
  /** PEM of the authority that signed the hub's certificate: this and no other. */
  readonly ca: string;
  /** PEM of the lane's certificate, whose common name is the lane's id, and its key. */
  readonly cert: string;
  readonly key: string;
  /** The name the hub's certificate must have, when it is not the host of the URL. */
  readonly serverName?: string;
}

export interface HubRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface HubReply {
  readonly status: number;
  readonly etag: string | null;
  readonly mediaType: string;
  readonly body: Buffer;
}

/** `notSent`: nobody was connected, so nothing was done. `lost`: nothing is known about what the hub did. */
export interface ExchangeError {
  readonly code: 'notSent' | 'lost';
  readonly detail: string;
}

export interface HubConnection {
  readonly url: string;
  exchange(request: HubRequest, timeoutMs: number): Promise<Result<HubReply, ExchangeError>>;
  close(): void;
}

type Exchanged = Result<HubReply, ExchangeError>;

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_SOCKETS = 8;

/**
 * One hub's address. Connections are kept and used again: a new TLS handshake costs more than a commit. One question at a time
 * on each; what finds all of them busy waits its turn.
 */
export function openConnection(url: string, tls: HubTls, timing: Timing = systemTiming): HubConnection {
  const base = new URL(url);
  if (base.protocol !== 'https:') throw new TypeError('a hub is asked over https only');
  const { ca, cert, key, serverName } = tls;
  const pool = new Pool(base.origin, {
    connections: MAX_SOCKETS,
    pipelining: 1,
    maxResponseSize: MAX_ANSWER_BYTES,
    // The whole exchange has one limit, below: an answer that trickles is none.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { ca, cert, key, minVersion: 'TLSv1.2', ...(serverName === undefined ? {} : { servername: serverName }) },
  });
  return {
    url,
    // Whatever waits is told by its handler.
    close: () => void pool.destroy(),
    exchange: (request, timeoutMs) =>
      new Promise((resolve) => {
        const answer = new AnswerReader((result) => {
          stopWaiting();
          resolve(result);
        });
        const stopWaiting = timing.after(timeoutMs, () => answer.giveUp('TIMED_OUT'));
        pool.dispatch({ ...request, headers: { ...request.headers } }, answer);
      }),
  };
}

/** Gathers one answer. Settles once; what comes later is nobody's. */
class AnswerReader implements Dispatcher.DispatchHandler {
  readonly #settle: (result: Exchanged) => void;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #head: Omit<HubReply, 'body'> | null = null;
  #settled = false;

  constructor(settle: (result: Exchanged) => void) {
    this.#settle = settle;
  }

  giveUp(detail: string): void {
    this.#end(err({ code: 'lost', detail }));
    // One that is not on its way yet is called off when its turn comes.
    this.#controller?.abort(new Error(detail));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('nobody waits any more'));
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    const first = (value: string | string[] | undefined): string | null => [value].flat()[0] ?? null;
    const mediaType = (first(headers['content-type']) ?? '').split(';')[0]?.trim() ?? '';
    this.#head = { status, etag: first(headers.etag), mediaType };
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [only, ...more] = this.#chunks;
    const body = only !== undefined && more.length === 0 ? only : Buffer.concat(this.#chunks);
    if (this.#head === null) this.#end(err({ code: 'lost', detail: 'noHead' }));
    else this.#end(ok({ ...this.#head, body }));
  }

  onResponseError(_controller: unknown, error: Error & { readonly code?: string }): void {
    this.#end(err({ code: this.#controller === null ? 'notSent' : 'lost', detail: error.code ?? error.name }));
  }

  #end(result: Exchanged): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#settle(result);
  }
}
