import { Agent, request as httpsRequest } from 'node:https';
import { err, ok, type Result } from '../../contract/result.ts';
import { MAX_BODY_BYTES } from '../protocol/routes.ts';

export interface ClientTls {
  /** PEM of the authority that signed the control's server certificate: this and no other. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** The name the server's certificate must have, when it is not the host of the URL. */
  readonly serverName?: string;
}

export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Reply {
  readonly status: number;
  readonly mediaType: string;
  readonly body: Buffer;
}

export type ExchangeError =
  /** Refused, reset, not found, TLS not trusted: Node's own code. Nothing is known about what the control did. */
  { readonly code: 'failed'; readonly detail: string } | { readonly code: 'aborted' } | { readonly code: 'tooLarge' };

export interface HttpsClient {
  /** One request, one whole answer. `signal` ends it at any point, also in the middle of an answer. */
  exchange(exchange: Exchange, signal: AbortSignal): Promise<Result<Reply, ExchangeError>>;
  close(): void;
}

/** Connections are kept and used again: a new TLS handshake costs more than a decision. */
export function createHttpsClient(baseUrl: URL, tls: ClientTls): HttpsClient {
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
  return {
    exchange: (exchange, signal) => send(new URL(exchange.path, baseUrl), agent, exchange, signal),
    close: () => agent.destroy(),
  };
}

function send(url: URL, agent: Agent, exchange: Exchange, signal: AbortSignal): Promise<Result<Reply, ExchangeError>> {
  const { method, body, headers } = exchange;
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      if (signal.aborted) resolve(err({ code: 'aborted' }));
      else resolve(err({ code: 'failed', detail: error.code ?? error.name }));
    };
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpsRequest(url, { method, agent, signal, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      let total = 0;
      response.on('data', (chunk: Buffer) => {
        total += chunk.length;
        chunks.push(chunk);
        if (total <= MAX_BODY_BYTES) return;
        resolve(err({ code: 'tooLarge' }));
        request.destroy();
      });
      response.on('error', fail);
      response.on('end', () => {
        const mediaType = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
        resolve(ok({ status: response.statusCode ?? 0, mediaType, body: Buffer.concat(chunks) }));
      });
    });
    request.on('error', fail);
    request.end(body ?? undefined);
  });
}
