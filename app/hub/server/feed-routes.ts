import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { actionReplySchema, LANE_PATHS, laneViewsSchema, MAX_ACTION_WAIT_MS } from '../../contract/hub-protocol.ts';
import { read, refuse } from './door.ts';
import type { HubParts } from './hub-parts.ts';

const pollSchema = z.strictObject({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  waitMs: z.coerce.number().int().min(0).max(MAX_ACTION_WAIT_MS).default(0),
});
const actionIdSchema = z.strictObject({ actionId: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** What a lane shows its officers, and what they want of it. */
export function addFeedRoutes(app: FastifyInstance, { views, actions }: Pick<HubParts, 'views' | 'actions'>): void {
  app.put(LANE_PATHS.views, async (request, reply) => {
    const body = read(laneViewsSchema, request.body);
    if (!body.ok) return refuse(reply, 'requestMalformed', { problems: body.error });
    const foreign = body.value.views.some(({ laneId }) => laneId !== request.lane);
    const viewers = new Set(body.value.views.map(({ viewer }) => viewer));
    if (foreign) return refuse(reply, 'laneMismatch');
    if (viewers.size !== body.value.views.length)
      return refuse(reply, 'requestMalformed', { problems: ['views: twice'] });
    const directions = new Set(body.value.views.map(({ direction: { from, to } }) => `${from} ${to}`));
    if (directions.size > 1) return refuse(reply, 'requestMalformed', { problems: ['views: of two directions'] });
    await views.put(request.lane, body.value.views);
    return reply.code(204).send();
  });
  app.get(LANE_PATHS.actions, async (request, reply) => {
    const query = read(pollSchema, request.query);
    if (!query.ok) return refuse(reply, 'requestMalformed', { problems: query.error });
    await views.seen(request.lane);
    return reply.send(await actions.list(request.lane, query.value.after ?? null, query.value.waitMs));
  });
  app.post(LANE_PATHS.actionReply, async (request, reply) => {
    const params = read(actionIdSchema, request.params);
    if (!params.ok) return refuse(reply, 'requestMalformed', { problems: params.error });
    const body = read(actionReplySchema, request.body);
    if (!body.ok) return refuse(reply, 'requestMalformed', { problems: body.error });
    const known = await actions.reply(request.lane, params.value.actionId, body.value.reply);
    return known ? reply.code(204).send() : refuse(reply, 'notFound');
  });
}
