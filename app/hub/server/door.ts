import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { z } from 'zod';
import { HUB_PROBLEM_MEDIA_TYPE, type HubProblemCode, hubProblem } from '../../contract/hub-problems.ts';
import { MAX_HUB_BODY_BYTES } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';

/** What lane port and console port have in common: limits, problems, no word of ours about a fault. */
export interface DoorOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly cert: string;
  readonly key: string;
  /** PEM of the authority whose certificates may connect; null asks for none. */
  readonly clientCa: string | null;
  readonly requestTimeoutMs: number;
  readonly maxConnections: number;
  readonly onFault: (error: unknown) => void;
}

export interface Door {
  readonly app: FastifyInstance;
  listen(): Promise<number>;
  close(): Promise<void>;
}

export function createDoor(options: DoorOptions): Door {
  const { cert, key, clientCa, requestTimeoutMs } = options;
  const app = Fastify({
    https: {
      cert,
      key,
      ...(clientCa === null ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
      minVersion: 'TLSv1.2',
      handshakeTimeout: requestTimeoutMs,
      // Unless this is as short, Node doesn't heed the shorter time for a whole request either.
      headersTimeout: requestTimeoutMs,
      // Node looks for overdue requests only every 30 s if not told otherwise.
      connectionsCheckingInterval: Math.min(requestTimeoutMs, 1_000),
    },
    bodyLimit: MAX_HUB_BODY_BYTES,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 60_000,
    forceCloseConnections: true,
    logger: false,
    // Broken paths (`%zz`) come here before any hook or route.
    frameworkErrors: (_error, _request, reply) => void refuse(reply as FastifyReply, 'requestMalformed'),
  }) as unknown as FastifyInstance;
  app.removeContentTypeParser('text/plain');
  readJsonOnly(app);
  (app.server as unknown as Server).maxConnections = options.maxConnections;
  app.setNotFoundHandler((_request, reply) => refuse(reply, 'notFound'));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const code = codeOf(error);
    if (code === 'internalFault') options.onFault(error);
    return refuse(reply, code);
  });
  return {
    app,
    listen: async () => {
      await app.listen({ host: options.host, port: options.port });
      return (app.server.address() as AddressInfo).port;
    },
    close: () => app.close(),
  };
}

export function refuse(
  reply: FastifyReply,
  code: HubProblemCode,
  more: { readonly problems?: readonly string[]; readonly refusal?: unknown } = {},
): FastifyReply {
  const body = hubProblem(code, more);
  // As bytes: Fastify's own serialisation would give it the plain JSON media type.
  return reply
    .code(body.status)
    .type(HUB_PROBLEM_MEDIA_TYPE)
    .send(Buffer.from(JSON.stringify(body)));
}

/** Reads what came in through its schema. The problems name places and kinds only: the values may be personal. */
export function read<T>(schema: z.ZodType<T>, value: unknown): Result<T, readonly string[]> {
  const found = schema.safeParse(value);
  if (found.success) return ok(found.data);
  return err(found.error.issues.slice(0, 20).map(({ path, code }) => `${path.map(String).join('.')}: ${code}`));
}

/** JSON, without `__proto__`, and without text that PostgreSQL cannot hold (NUL, half a surrogate pair). */
function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    parse(request, text as string, (failed, value: unknown) => {
      if (failed === null && MAY_BE_UNSTORABLE.test(text as string) && !isStorable(value)) {
        done(Object.assign(new Error('not storable'), { statusCode: 400 }));
      } else done(failed, value);
    });
  });
}

const MAY_BE_UNSTORABLE = /\\u(0000|d[89a-f])/i;

/** With the `u` flag a whole pair is one character; what is left over is half of one. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => isStorable(name) && isStorable(inner));
}

/** What PostgreSQL or the way to it said: the hub is well, its store is not. */
function isDatabaseError(error: { readonly code?: unknown }): boolean {
  return typeof error.code === 'string' && /^([0-9A-Z]{5}|E[A-Z]{4,})$/.test(error.code);
}

function codeOf(error: Error & { readonly statusCode?: number; readonly code?: unknown }): HubProblemCode {
  const code = codeOfStatus(error.statusCode);
  if (code !== 'internalFault') return code;
  const lost = /timeout|terminated|Connection/.test(error.message) && error.statusCode === undefined;
  return isDatabaseError(error) || lost ? 'storeFailed' : code;
}

/** Fastify's own refusals (body too large, not JSON, wrong media type) by their status. */
function codeOfStatus(status: number | undefined): HubProblemCode {
  if (status === 413) return 'requestTooLarge';
  if (status === 415) return 'mediaTypeNotSupported';
  if (status === 429) return 'tooManyRequests';
  return status !== undefined && status >= 400 && status < 500 ? 'requestMalformed' : 'internalFault';
}
