import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { hubDocumentKindSchema, hubDocumentNameSchema, LANE_PATHS } from '../../contract/hub-protocol.ts';
import { read, refuse } from './door.ts';
import type { HubParts } from './hub-parts.ts';

export const documentNameSchema = z.strictObject({ kind: hubDocumentKindSchema, name: hubDocumentNameSchema });

/** What lanes fetch: the newest version of each document, or that there is no newer one. */
export function addDistributionRoutes(app: FastifyInstance, { documents }: Pick<HubParts, 'documents'>): void {
  app.get(LANE_PATHS.documents, async (_request, reply) => {
    const list = await documents.list();
    return list.ok ? reply.send({ documents: list.value }) : refuse(reply, 'storeFailed');
  });
  app.get(LANE_PATHS.document, async (request, reply) => {
    const name = read(documentNameSchema, request.params);
    if (!name.ok) return refuse(reply, 'requestMalformed', { problems: name.error });
    const found = await documents.read(name.value);
    if (!found.ok) return refuse(reply, 'storeFailed');
    if (found.value === null) return refuse(reply, 'notFound');
    const tag = `"${found.value.version}"`;
    reply.header('etag', tag);
    if (request.headers['if-none-match'] === tag) return reply.code(304).send();
    return reply.send(found.value);
  });
}
