import { isIP } from 'node:net';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import { err, ok, type Result } from '../../contract/result.ts';
import { type HttpReply, ReplyReader } from './http-reply.ts';
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

/** One question on its way. */
interface Asked {
  readonly bytes: string;
  socket: TLSSocket | null;
  reader: ReplyReader;
  settle(result: Exchanged): void;
}

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_SOCKETS = 8;
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

/**
 * One hub's address. Connections are kept and used again: a new TLS handshake costs more than a commit. One question at a time
 * on each; what finds all of them busy waits its turn.
 */
export function openConnection(url: string, tls: HubTls, timing: Timing = systemTiming): HubConnection {
  const base = new URL(url);
  if (base.protocol !== 'https:') throw new TypeError('a hub is asked over https only');
  const { ca, cert, key, serverName } = tls;
  const host = base.hostname.replace(/^\[(.*)\]$/, '$1');
  const name = serverName ?? (isIP(host) === 0 ? host : undefined);
  const place = {
    host,
    port: Number(base.port || 443),
    secureContext: createSecureContext({ ca, cert, key, minVersion: 'TLSv1.2' }),
    ...(name === undefined ? {} : { servername: name }),
  };
  /** Every open connection and what it is asked now. */
  const sockets = new Map<TLSSocket, Asked | null>();
  const idle: TLSSocket[] = [];
  const waiting: Asked[] = [];
  let session: Buffer | undefined;

  const open = (): TLSSocket => {
    const socket = connect({ ...place, ...(session === undefined ? {} : { session }) });
    socket.setNoDelay(true);
    let fault = 'ECONNRESET';
    sockets.set(socket, null);
    socket.on('session', (ticket) => {
      session = ticket;
    });
    socket.on('data', (chunk) => {
      const asked = sockets.get(socket) ?? null;
      const got = asked === null ? 'MALFORMED_REPLY' : asked.reader.push(chunk);
      if (got === null) return;
      if (typeof got === 'string') {
        fault = got;
        socket.destroy();
      } else answered(socket, asked as Asked, got);
    });
    socket.on('end', () => {
      const asked = sockets.get(socket) ?? null;
      const got = asked?.reader.end() ?? null;
      if (asked !== null && got !== null) answered(socket, asked, got);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      fault = error.code ?? error.name;
    });
    socket.on('close', () => {
      const asked = sockets.get(socket) ?? null;
      sockets.delete(socket);
      forget(idle, socket);
      asked?.settle(err({ code: NOT_CONNECTED.has(fault) ? 'notSent' : 'lost', detail: fault }));
      next();
    });
    return socket;
  };

  const answered = (socket: TLSSocket, asked: Asked, { status, headers, body, reusable }: HttpReply): void => {
    sockets.set(socket, null);
    if (reusable) {
      // Kept for the next question; a process that has nothing else to do may end all the same.
      socket.unref();
      idle.push(socket);
    } else socket.destroy();
    const mediaType = (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    asked.settle(ok({ status, etag: headers.get('etag') ?? null, mediaType, body }));
    if (waiting.length > 0) next();
  };

  const next = (): void => {
    while (waiting.length > 0 && (idle.length > 0 || sockets.size < MAX_SOCKETS)) {
      const asked = waiting.shift() as Asked;
      const socket = idle.pop() ?? open();
      socket.ref();
      asked.socket = socket;
      sockets.set(socket, asked);
      // Before the handshake is over this waits in the socket, and is lost with it.
      socket.write(asked.bytes);
    }
  };

  return {
    url,
    close: () => {
      for (const asked of waiting.splice(0)) asked.settle(err({ code: 'notSent', detail: 'closed' }));
      for (const socket of sockets.keys()) socket.destroy();
    },
    exchange: (request, timeoutMs) =>
      new Promise((resolve) => {
        const asked: Asked = {
          bytes: textOf(base.host, request),
          socket: null,
          reader: new ReplyReader(MAX_ANSWER_BYTES),
          settle: (result) => {
            stopWaiting();
            resolve(result);
          },
        };
        // Of the whole exchange: an answer that trickles is none.
        const stopWaiting = timing.after(timeoutMs, () => {
          asked.settle(err({ code: 'lost', detail: 'TIMED_OUT' }));
          forget(waiting, asked);
          asked.socket?.destroy();
        });
        waiting.push(asked);
        next();
      }),
  };
}

/** Head and body as one text, so that they are one TLS record and one packet. Names and values come from this software alone. */
function textOf(host: string, { method, path, headers, body }: HubRequest): string {
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
  if (body !== null) head += `content-length: ${Buffer.byteLength(body)}\r\n`;
  // What would end the head early is no part of it; a path or a value that holds it is a bug of ours.
  if (BREAKS_PATH.test(path) || Object.values(headers).some((value) => BREAKS_HEAD.test(value))) {
    throw new TypeError('a path or a header cannot hold this');
  }
  return `${head}\r\n${body ?? ''}`;
}

const BREAKS_PATH = /[^\x21-\x7e]/;
const BREAKS_HEAD = /[^\x20-\x7e]/;

function forget<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at !== -1) list.splice(at, 1);
}
