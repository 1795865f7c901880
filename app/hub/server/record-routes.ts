import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { instantSchema } from '../../contract/control-protocol.ts';
import { recordIdSchema, sideSchema } from '../../contract/crossing.ts';
import { auditCallSchema, LANE_PATHS, outboxMarksSchema } from '../../contract/hub-protocol.ts';
import { keepMaterialSchema, openRecordSchema, recordStepsSchema } from '../../record/remote/wire.ts';
import type { LaneCall } from '../records/chain-work.ts';
import { read, refuse } from './door.ts';
import type { HubParts } from './hub-parts.ts';
import { answer, callOf, refuseWith, withoutLife } from './lane-answers.ts';

const idSchema = z.strictObject({ id: recordIdSchema });
const outboxQuerySchema = z.strictObject({ side: sideSchema, limit: z.coerce.number().int().min(1).max(1000) });
const figuresQuerySchema = z.strictObject({ since: instantSchema });
const nothingSchema = z.strictObject({});

/** The joint record over HTTP: every method of the store, for the lane that calls and for no other. */
export function addRecordRoutes(app: FastifyInstance, { records }: HubParts): void {
  /** Reads path, query and body, whichever a route has, then does it. */
  const route = <P, B>(
    params: z.ZodType<P>,
    body: z.ZodType<B>,
    from: 'body' | 'query',
    run: (call: LaneCall, params: P, body: B, reply: FastifyReply) => Promise<FastifyReply>,
  ) => {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const call = callOf(request);
      if (call === null) return withoutLife(reply);
      const path = read(params, request.params);
      if (!path.ok) return refuse(reply, 'requestMalformed', { problems: path.error });
      const sent = read(body, from === 'body' ? request.body : request.query);
      if (!sent.ok) return refuse(reply, 'requestMalformed', { problems: sent.error });
      // A caller that has hung up has given up: what it asked for is not begun any more.
      if (request.raw.socket.destroyed) return reply;
      return run(call, path.value, sent.value, reply);
    };
  };

  app.post(
    LANE_PATHS.records,
    route(nothingSchema, openRecordSchema, 'body', async (call, _params, opening, reply) =>
      answer(reply, await records.steps.open(call, opening)),
    ),
  );
  app.post(
    LANE_PATHS.steps,
    route(idSchema, recordStepsSchema, 'body', async (call, { id }, { steps }, reply) =>
      answer(reply, await records.steps.run(call, id, steps)),
    ),
  );
  app.get(
    LANE_PATHS.live,
    route(nothingSchema, nothingSchema, 'query', async (call, _params, _query, reply) => {
      const live = await records.live(call);
      return live.ok ? reply.send({ records: live.value }) : refuseWith(reply, live.error);
    }),
  );
  app.get(
    LANE_PATHS.record,
    route(idSchema, nothingSchema, 'query', async (call, { id }, _query, reply) =>
      answer(reply, await records.read(call, id)),
    ),
  );
  app.put(
    LANE_PATHS.material,
    route(idSchema, keepMaterialSchema, 'body', async (call, { id }, { sealed }, reply) =>
      answer(reply, await records.keepMaterial(call, id, sealed)),
    ),
  );
  app.get(
    LANE_PATHS.material,
    route(idSchema, nothingSchema, 'query', async (call, { id }, _query, reply) => {
      const sealed = await records.material(call, id);
      return sealed.ok ? reply.send({ sealed: sealed.value }) : refuseWith(reply, sealed.error);
    }),
  );
  app.post(
    LANE_PATHS.audit,
    route(nothingSchema, auditCallSchema, 'body', async (call, _params, { key, entry }, reply) => {
      const seq = await records.audit(call, key, entry);
      return seq.ok ? reply.send({ seq: seq.value }) : refuseWith(reply, seq.error);
    }),
  );
  app.get(
    LANE_PATHS.outbox,
    route(nothingSchema, outboxQuerySchema, 'query', async (call, _params, { side, limit }, reply) => {
      const notices = await records.notices.outbox(call, side, limit);
      return notices.ok ? reply.send({ notices: notices.value }) : refuseWith(reply, notices.error);
    }),
  );
  app.post(
    LANE_PATHS.outboxMarks,
    route(nothingSchema, outboxMarksSchema, 'body', async (call, _params, marks, reply) =>
      answer(reply, await records.notices.marks(call, marks)),
    ),
  );
  app.get(
    LANE_PATHS.figures,
    route(nothingSchema, figuresQuerySchema, 'query', async (call, _params, { since }, reply) =>
      answer(reply, await records.figures(call, since)),
    ),
  );
  app.post(
    LANE_PATHS.checkpoint,
    route(nothingSchema, nothingSchema, 'body', async (call, _params, _body, reply) =>
      answer(reply, await records.checkpoint(call)),
    ),
  );

  // Asked by controls, which have no life of a lane.
  app.get(LANE_PATHS.outcome, async (request, reply) => {
    const params = read(idSchema, request.params);
    if (!params.ok) return refuse(reply, 'requestMalformed', { problems: params.error });
    const { id: recordId } = params.value;
    const outcome = await records.outcome(recordId);
    return outcome.ok ? reply.send({ recordId, outcome: outcome.value }) : refuseWith(reply, outcome.error);
  });
  app.get(LANE_PATHS.keys, async (_request, reply) => reply.send({ keys: [records.signs] }));
}
