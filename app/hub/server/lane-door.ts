import type { TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { laneIdSchema } from '../../contract/crossing.ts';
import {
  ATTEMPT_HEADER,
  counterHeaderSchema,
  LANE_PATHS,
  LIFE_HEADER,
  lifeSchema,
  registerLifeSchema,
} from '../../contract/hub-protocol.ts';
import type { Result } from '../../contract/result.ts';
import type { LaneCall, LaneRefusal } from '../records/chain-work.ts';
import { addDocumentReads } from './distribution-routes.ts';
import { createDoor, type Door, type DoorOptions, read, refuse } from './door.ts';
import { addFeedRoutes } from './feed-routes.ts';
import type { HubParts } from './hub-parts.ts';
import { addJournalRoutes } from './journal-routes.ts';
import { addRecordRoutes } from './record-routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on the lane port for every request that goes on. */
    lane: string;
  }
}

/** What a route of the lane port is given: who calls, and what it sends, already read. */
export type LaneHandler<B> = (
  call: LaneCall,
  body: B,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<unknown>;

/** The lanes' port: no certificate of the port's authority, no connection; the certificate's name is the lane. */
export function createLaneDoor(options: DoorOptions, parts: HubParts): Door {
  const door = createDoor(options);
  const { app } = door;
  const lanes = new WeakMap<TLSSocket, string | null>();
  app.decorateRequest('lane', '');
  app.addHook('onRequest', async (request, reply) => {
    const socket = request.raw.socket as TLSSocket;
    let lane = lanes.get(socket);
    if (lane === undefined) {
      // Once a connection: a certificate does not change under way.
      const name = laneIdSchema.safeParse(socket.getPeerCertificate().subject?.CN);
      lane = name.success ? name.data : null;
      lanes.set(socket, lane);
    }
    if (lane === null) return refuse(reply, 'laneNotKnown');
    request.lane = lane;
  });
  app.post(LANE_PATHS.life, async (request, reply) => {
    const body = read(registerLifeSchema, request.body);
    if (!body.ok) return refuse(reply, 'requestMalformed', { problems: body.error });
    return answer(reply, await parts.records.registerLife(request.lane, body.value.software));
  });
  addRecordRoutes(app, parts);
  addDocumentReads(app, LANE_PATHS, parts, async () => null);
  addJournalRoutes(app, parts);
  addFeedRoutes(app, parts);
  return door;
}

/** Who calls, from the certificate and the headers; null when the headers are no such thing, and the refusal is sent. */
export function callOf(request: FastifyRequest): LaneCall | null {
  const life = lifeSchema.safeParse(Number(counter(request, LIFE_HEADER)));
  const attempt = request.headers[ATTEMPT_HEADER] === undefined ? '1' : counter(request, ATTEMPT_HEADER);
  if (!life.success || attempt === null) return null;
  return { laneId: request.lane, life: life.data, repeat: attempt !== '1' };
}

function counter(request: FastifyRequest, header: string): string | null {
  const found = counterHeaderSchema.safeParse(request.headers[header]);
  return found.success ? found.data : null;
}

export function withoutLife(reply: FastifyReply): FastifyReply {
  return refuse(reply, 'requestMalformed', { problems: [`${LIFE_HEADER}: missing or not a number`] });
}

export function answer<T>(reply: FastifyReply, result: Result<T, LaneRefusal>): FastifyReply {
  if (!result.ok) return refuseWith(reply, result.error);
  return result.value === undefined ? reply.code(204).send() : reply.send(result.value);
}

export function refuseWith(reply: FastifyReply, error: LaneRefusal): FastifyReply {
  switch (error.code) {
    case 'laneMismatch':
      return refuse(reply, 'laneMismatch');
    case 'earlierLife':
      return refuse(reply, 'earlierLife', { refusal: error });
    case 'storeFailed':
      // An input that the rules call impossible is the caller's, not the database's.
      if (error.detail.startsWith('invalidInput')) return refuse(reply, 'recordRefused', { refusal: error });
      return refuse(reply, 'storeFailed', { refusal: { ...error, detail: error.detail.slice(0, 200) } });
    default:
      return refuse(reply, 'recordRefused', { refusal: error });
  }
}
