import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { NOTICE_STEPS, type NoticeStep } from '../../contract/control-protocol.ts';
import { recordIdSchema } from '../../contract/crossing.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { EmbeddedControl, RequestError } from '../embedded/embedded-control.ts';
import { PROBLEM_MEDIA_TYPE, type ProblemCode, problem } from '../protocol/problems.ts';
import {
  DEADLINE_HEADER,
  deadlineHeaderSchema,
  IDEMPOTENCY_HEADER,
  idempotencyKeySchema,
  MAX_BODY_BYTES,
  RELEASE_HEADER,
  ROUTES,
  type Route,
  readReleaseHeader,
} from '../protocol/routes.ts';
import { createRateLimit } from './rate-limit.ts';

export interface ServerTls {
  /** PEM of the server's certificate (chain) and key. */
  readonly cert: string;
  readonly key: string;
  /** PEM of the authority that signs this control's clients: this and no other. */
  readonly clientCa: string;
}

export interface ControlServerOptions {
  readonly control: EmbeddedControl;
  readonly tls: ServerTls;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** SHA-256 fingerprints (`AB:CD:..`) of the client certificates that may ask; null lets in all that the authority signed. */
  readonly allowedClients: readonly string[] | null;
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  /** A request must have come in whole within this. Default 5 s. */
  readonly requestTimeoutMs?: number;
  readonly clock?: Clock;
  /** One line a request: nothing in it is personal. */
  readonly onRequest?: (line: RequestLine) => void;
  /** A bug in the control. Its text stays here and never goes to the client. */
  readonly onFault?: (error: unknown) => void;
}

export interface RequestLine {
  readonly operation: string;
  readonly status: number;
  readonly tookMs: number;
}

export interface ControlServer {
  readonly port: number;
  close(): Promise<void>;
}

const DEFAULT_RATE = { perSecond: 200, burst: 400 };
const DEFAULT_REQUEST_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 512;

/** Serves one side's control over HTTPS with mutual TLS (TLS 1.2 or later; no certificate, no connection). */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { tls, host, port, requestTimeoutMs = DEFAULT_REQUEST_TIMEOUT_MS } = options;
  const server = Fastify({
    https: {
      cert: tls.cert,
      key: tls.key,
      ca: tls.clientCa,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      handshakeTimeout: requestTimeoutMs,
      // Unless this is as short, Node doesn't heed the shorter time for a whole request either.
      headersTimeout: requestTimeoutMs,
      // Node looks for overdue requests only every 30 s if not told otherwise.
      connectionsCheckingInterval: Math.min(requestTimeoutMs, 1_000),
    },
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 60_000,
    forceCloseConnections: true,
    logger: false,
    // What Node cannot read as HTTP at all never becomes a request.
    clientErrorHandler: refuseRaw,
    // Broken paths (`%zz`) come here before any hook or route.
    frameworkErrors: (_error, _request, reply) => void refuse(reply as FastifyReply, 'requestMalformed'),
  });
  server.removeContentTypeParser('text/plain');
  server.server.maxConnections = MAX_CONNECTIONS;
  addGuards(server as unknown as FastifyInstance, options);
  addRoutes(server as unknown as FastifyInstance, options.control);
  await server.listen({ host, port });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => server.close(),
  };
}

function addGuards(server: FastifyInstance, options: ControlServerOptions): void {
  const { clock = systemClock, allowedClients } = options;
  const rate = createRateLimit(options.rate ?? DEFAULT_RATE);

  server.addHook('onRequest', async (request, reply) => {
    const { fingerprint256 } = (request.raw.socket as TLSSocket).getPeerCertificate();
    if (allowedClients !== null && !allowedClients.includes(fingerprint256)) return refuse(reply, 'clientNotAllowed');
    const waitMs = rate.take(fingerprint256, clock.nowMs());
    if (waitMs > 0) {
      reply.header('retry-after', Math.ceil(waitMs / 1000));
      return refuse(reply, 'tooManyRequests');
    }
  });
  server.addHook('onResponse', async (request, reply) => {
    const operation = request.routeOptions.url ?? 'none';
    options.onRequest?.({ operation, status: reply.statusCode, tookMs: reply.elapsedTime });
  });
  server.setNotFoundHandler((_request, reply) => refuse(reply, 'notFound'));
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const code = codeOfStatus(error.statusCode);
    if (code === 'internalFault') options.onFault?.(error);
    return refuse(reply, code);
  });
}

function addRoutes(server: FastifyInstance, control: EmbeddedControl): void {
  server.post(pathOf(ROUTES.prepare), async (request, reply) => {
    const waitMs = deadlineHeaderSchema.safeParse(request.headers[DEADLINE_HEADER]);
    if (!waitMs.success) {
      return refuse(reply, 'requestMalformed', [`${DEADLINE_HEADER}: missing or not milliseconds`]);
    }
    if (reply.elapsedTime >= Number(waitMs.data)) return refuse(reply, 'deadlinePassed');
    const body = request.body as { evidence?: { recordId?: unknown } } | null;
    if (differs(body?.evidence?.recordId, idOf(request))) return refuse(reply, 'recordMismatch');
    const header = request.headers[RELEASE_HEADER];
    const release = header === undefined ? null : readReleaseHeader(header);
    if (
      (header !== undefined && release === null) ||
      (typeof body === 'object' && body !== null && 'release' in body)
    ) {
      return refuse(reply, 'requestMalformed', [`${RELEASE_HEADER}: not a release`]);
    }
    const answer = await control.takePrepare(release === null ? body : { ...body, release });
    return answer.ok ? reply.send(answer.value) : refuseWith(reply, answer.error);
  });
  for (const step of NOTICE_STEPS) {
    server.post(pathOf(ROUTES[step]), (request, reply) => takeNotice(step, request, reply, control));
  }
  server.get(pathOf(ROUTES.crossing), (request, reply) => {
    const recordId = recordIdSchema.safeParse(idOf(request));
    if (!recordId.success) return refuse(reply, 'requestMalformed', ['id: not a UUID']);
    const state = control.stateOf(recordId.data);
    return state.ok ? reply.send({ recordId: recordId.data, state: state.value }) : refuseWith(reply, state.error);
  });
  server.get(pathOf(ROUTES.keys), async (_request, reply) => {
    const keys = await control.keys();
    return keys.ok ? reply.send({ side: control.side, keys: keys.value }) : refuse(reply, 'internalFault');
  });
}

async function takeNotice(
  step: NoticeStep,
  request: FastifyRequest,
  reply: FastifyReply,
  control: EmbeddedControl,
): Promise<FastifyReply> {
  const key = idempotencyKeySchema.safeParse(request.headers[IDEMPOTENCY_HEADER]);
  if (!key.success) return refuse(reply, 'requestMalformed', [`${IDEMPOTENCY_HEADER}: missing or not a key`]);
  const body = request.body as { recordId?: unknown; step?: unknown } | null;
  if (differs(body?.recordId, idOf(request)) || differs(body?.step, step)) return refuse(reply, 'recordMismatch');
  const told = await control.takeNotice(request.body, key.data);
  return told.ok ? reply.code(204).send() : refuseWith(reply, told.error);
}

function refuseWith(reply: FastifyReply, error: RequestError): FastifyReply {
  return refuse(reply, error.code, error.code === 'requestMalformed' ? error.problems : undefined);
}

function refuse(reply: FastifyReply, code: ProblemCode, problems?: readonly string[]): FastifyReply {
  const body = problem(code, problems);
  // As bytes: Fastify's own serialisation would give it the plain JSON media type.
  return reply
    .code(body.status)
    .type(PROBLEM_MEDIA_TYPE)
    .send(Buffer.from(JSON.stringify(body)));
}

/** Written by hand: there is no request to answer, only a socket. A socket that is gone is left alone. */
function refuseRaw(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = problem(error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'deadlinePassed' : 'requestMalformed');
  const json = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${body.status} Refused\r\ncontent-type: ${PROBLEM_MEDIA_TYPE}\r\ncontent-length: ${Buffer.byteLength(json)}\r\nconnection: close\r\n\r\n${json}`,
  );
}

/** Fastify's own refusals (body too large, not JSON, wrong media type) by their status. */
function codeOfStatus(status: number | undefined): ProblemCode {
  if (status === 413) return 'requestTooLarge';
  if (status === 415) return 'mediaTypeNotSupported';
  return status !== undefined && status >= 400 && status < 500 ? 'requestMalformed' : 'internalFault';
}

function pathOf({ path }: Pick<Route, 'path'>): string {
  return path.replace('{id}', ':id');
}

/** Only of strings: anything else is for the schema to refuse. */
function differs(inBody: unknown, inPath: unknown): boolean {
  return typeof inBody === 'string' && inBody !== inPath;
}

function idOf(request: FastifyRequest): unknown {
  return (request.params as { id?: unknown }).id;
}
