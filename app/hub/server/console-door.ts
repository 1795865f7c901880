import cookie from '@fastify/cookie';
import serveStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONTENT_SECURITY_POLICY } from '../../contract/content-security-policy.ts';
import { CONSOLE_HEADER, CONSOLE_PATHS, putDocumentSchema, SESSION_COOKIE } from '../../contract/hub-protocol.ts';
import { type ConsoleRequest, consoleError, consoleRequestSchema } from '../../contract/supervisor-console.ts';
import { createRateLimit } from '../../controls/server/rate-limit.ts';
import type { HubSeat } from '../console/hub-seat.ts';
import type { HubSeats } from '../console/hub-seats.ts';
import type { Documents } from '../distribution/documents.ts';
import { addDocumentReads, documentNameSchema } from './distribution-routes.ts';
import { createDoor, type Door, type DoorOptions, read, refuse } from './door.ts';
import { openEventStream } from './event-stream.ts';

export interface ConsoleParts {
  readonly seats: HubSeats;
  readonly documents: Documents;
  /** Folder with the console's pages; null serves none. */
  readonly pages: string | null;
}

/** Requests with a PIN in them, from one address. The accounts' own lock-out stands behind it. */
const PIN_RATE = { perSecond: 0.5, burst: 10 };
const WITH_PIN: readonly ConsoleRequest['type'][] = ['signIn', 'unlock', 'authenticate', 'secondOfficer'];
const BEAT_MS = 15_000;

/** The consoles' port: pages, requests and updates for browsers. Officers sign in; nothing is shown before. */
export async function createConsoleDoor(options: DoorOptions, parts: ConsoleParts): Promise<Door> {
  const door = createDoor(options);
  const { app } = door;
  const { seats } = parts;
  const pins = createRateLimit(PIN_RATE);
  await app.register(cookie);
  app.addHook('onRequest', async (request, reply) => {
    secure(reply);
    // A page of another site can neither set this header nor read our answers.
    if (request.method !== 'GET' && request.headers[CONSOLE_HEADER] !== '1') return refuse(reply, 'notAllowed');
  });
  // Streams hold their connection for ever: they are ended before the server waits for its connections.
  const streams = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of streams) end();
    seats.close();
  });

  app.post(CONSOLE_PATHS.requests, async (request, reply) => {
    const body = read(consoleRequestSchema, request.body);
    if (!body.ok) return refuse(reply, 'requestMalformed', { problems: body.error });
    if (WITH_PIN.includes(body.value.type)) {
      const waitMs = pins.take(request.ip, performance.now());
      if (waitMs > 0) {
        reply.header('retry-after', Math.ceil(waitMs / 1000));
        return refuse(reply, 'tooManyRequests');
      }
    }
    const seat = seatOf(request, reply, seats);
    if (seat === null) return refuse(reply, 'tooManyRequests');
    return reply.send(await seat.handle(body.value).catch(() => ({ ok: false, error: consoleError('storeFailed') })));
  });

  app.get(CONSOLE_PATHS.updates, (request, reply) => {
    const seat = seatOf(request, reply, seats);
    if (seat === null) return refuse(reply, 'tooManyRequests');
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    const stream = openEventStream(raw);
    const stop = seat.open((update) => stream.write(`event: update\ndata: ${JSON.stringify(update)}\n\n`));
    const beat = setInterval(() => stream.write(': beat\n\n'), BEAT_MS);
    streams.add(stream.end);
    raw.on('close', () => {
      clearInterval(beat);
      streams.delete(stream.end);
      stop();
    });
    return reply;
  });

  addDocumentReads(app, CONSOLE_PATHS, parts, async (request) => {
    const acting = await seats.find(request.cookies[SESSION_COOKIE])?.acting();
    return acting === undefined || acting === null ? 'signedOut' : null;
  });
  app.put(CONSOLE_PATHS.document, async (request, reply) => {
    const seat = seats.find(request.cookies[SESSION_COOKIE]);
    const acting = (await seat?.acting()) ?? null;
    if (seat === null || acting === null) return refuse(reply, 'signedOut');
    // Rules and trust lists decide about everybody: a technician, who has just proved again who they are.
    if (acting.session.role !== 'technician' || !acting.fresh) return refuse(reply, 'notAllowed');
    const name = read(documentNameSchema, request.params);
    if (!name.ok) return refuse(reply, 'requestMalformed', { problems: name.error });
    const body = read(putDocumentSchema, request.body);
    if (!body.ok) return refuse(reply, 'requestMalformed', { problems: body.error });
    seat.spend();
    const put = await parts.documents.put(name.value, body.value, acting.session.officer);
    if (put.ok) return reply.send({ version: put.value });
    return put.error.code === 'versionChanged'
      ? refuse(reply, 'versionChanged', { refusal: put.error })
      : refuse(reply, 'storeFailed');
  });

  if (parts.pages !== null) {
    await app.register(serveStatic, { root: parts.pages, dotfiles: 'ignore' });
    // What an officer types is the hub's address alone.
    app.get('/', async (_, reply) => reply.redirect('/supervisor/'));
  }
  return door;
}

/** The console's own seat, or a new one with its cookie. */
function seatOf(request: FastifyRequest, reply: FastifyReply, seats: HubSeats): HubSeat | null {
  const known = seats.find(request.cookies[SESSION_COOKIE]);
  if (known !== null) return known;
  const made = seats.make();
  if (made === null) return null;
  // `setCookie` would write it when Fastify sends, which it never does for a stream.
  const options = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;
  reply.header('set-cookie', reply.server.serializeCookie(SESSION_COOKIE, made.secret, options));
  return made.seat;
}

function secure(reply: FastifyReply): void {
  reply.headers({
    // As in the window, but the page may speak to the hub it came from.
    'content-security-policy': CONTENT_SECURITY_POLICY.replace("connect-src 'none'", "connect-src 'self'"),
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  });
}
