import { Agent, request as httpsRequest } from 'node:https';
import { err, ok, type Result } from '../../contract/result.ts';

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

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

/** One hub's address. Connections are kept and used again: a new TLS handshake costs more than a commit. */
export function openConnection(url: string, tls: HubTls): HubConnection {
  const base = new URL(url);
  if (base.protocol !== 'https:') throw new TypeError('a hub is asked over https only');
  const { ca, cert, key, serverName } = tls;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ca,
    cert,
    key,
    minVersion: 'TLSv1.2',
    ...(serverName === undefined ? {} : { servername: serverName }),
  });
  const options = { agent, hostname: base.hostname.replace(/^\[(.*)\]$/, '$1'), port: base.port || 443 };
  return {
    url,
    close: () => agent.destroy(),
    exchange: ({ method, path, headers, body }, timeoutMs) =>
      new Promise((resolve) => {
        const fail = (error: NodeJS.ErrnoException): void => {
          clearTimeout(timer);
          const detail = error.code ?? error.name;
          resolve(err({ code: NOT_CONNECTED.has(detail) ? 'notSent' : 'lost', detail }));
        };
        const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
        const sent = httpsRequest({ ...options, method, path, headers: { ...headers, ...length } }, (response) => {
          const chunks: Buffer[] = [];
          let total = 0;
          response.on('data', (chunk: Buffer) => {
            total += chunk.length;
            if (total > MAX_ANSWER_BYTES)
              response.destroy(Object.assign(new Error('too large'), { code: 'TOO_LARGE' }));
            else chunks.push(chunk);
          });
          response.on('error', fail);
          response.on('end', () => {
            clearTimeout(timer);
            const { 'content-type': type = '', etag } = response.headers;
            resolve(
              ok({
                status: response.statusCode ?? 0,
                etag: etag ?? null,
                mediaType: type.split(';')[0]?.trim() ?? '',
                body: Buffer.concat(chunks),
              }),
            );
          });
        });
        // Of the whole exchange: an answer that trickles is none.
        const timer = setTimeout(() => {
          sent.destroy(Object.assign(new Error('no answer in time'), { code: 'TIMED_OUT' }));
        }, timeoutMs);
        sent.on('error', fail);
        sent.end(body ?? undefined);
      }),
  };
}
