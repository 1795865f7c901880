import type { TLSSocket } from 'node:tls';
import { laneIdSchema } from '../../contract/crossing.ts';
import { LANE_PATHS, registerLifeSchema } from '../../contract/hub-protocol.ts';
import { addDocumentReads } from './distribution-routes.ts';
import { createDoor, type Door, type DoorOptions, read, refuse } from './door.ts';
import { addFeedRoutes } from './feed-routes.ts';
import type { HubParts } from './hub-parts.ts';
import { addJournalRoutes } from './journal-routes.ts';
import { answer } from './lane-answers.ts';
import { addRecordRoutes } from './record-routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on the lane port for every request that goes on. */
    lane: string;
  }
}

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
