import type { FastifyReply, FastifyRequest } from 'fastify';
import { ATTEMPT_HEADER, counterHeaderSchema, LIFE_HEADER, lifeSchema } from '../../contract/hub-protocol.ts';
import type { Result } from '../../contract/result.ts';
import type { LaneCall, LaneRefusal } from '../records/chain-work.ts';
import { refuse } from './door.ts';

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
