import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { journalUploadSchema, LANE_PATHS } from '../../contract/hub-protocol.ts';
import type { JournalError } from '../journals/collected-journals.ts';
import { read, refuse } from './door.ts';
import type { HubParts } from './hub-parts.ts';

const paramsSchema = z.strictObject({ storeId: z.uuid() });

/** A lane's own journal, in order. Not fenced by the lane's life: entries of an earlier one are history all the same. */
export function addJournalRoutes(app: FastifyInstance, { journals }: Pick<HubParts, 'journals'>): void {
  app.get(LANE_PATHS.journalHead, async (request, reply) => {
    const params = read(paramsSchema, request.params);
    if (!params.ok) return refuse(reply, 'requestMalformed', { problems: params.error });
    const next = await journals.nextSeq(request.lane, params.value.storeId);
    return next.ok ? reply.send({ nextSeq: next.value }) : refuseJournal(reply, next.error);
  });
  app.post(LANE_PATHS.journal, async (request, reply) => {
    const params = read(paramsSchema, request.params);
    if (!params.ok) return refuse(reply, 'requestMalformed', { problems: params.error });
    const body = read(journalUploadSchema, request.body);
    if (!body.ok) return refuse(reply, 'requestMalformed', { problems: body.error });
    const taken = await journals.take(request.lane, params.value.storeId, body.value.entries);
    return taken.ok ? reply.send(taken.value) : refuseJournal(reply, taken.error);
  });
}

function refuseJournal(reply: FastifyReply, error: JournalError): FastifyReply {
  return error.code === 'journalForked' ? refuse(reply, error.code, { refusal: error }) : refuse(reply, error.code);
}
