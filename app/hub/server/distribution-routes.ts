import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { HubProblemCode } from '../../contract/hub-problems.ts';
import { hubDocumentKindSchema, hubDocumentNameSchema } from '../../contract/hub-protocol.ts';
import type { Documents } from '../distribution/documents.ts';
import { read, refuse } from './door.ts';

export const documentNameSchema = z.strictObject({ kind: hubDocumentKindSchema, name: hubDocumentNameSchema });

/** What lanes fetch and consoles show: the newest version of each document, or that there is no newer one. */
export function addDocumentReads(
  app: FastifyInstance,
  paths: { readonly documents: string; readonly document: string },
  { documents }: { readonly documents: Documents },
  /** Why this request may not read; null when it may. */
  forbids: (request: FastifyRequest) => Promise<HubProblemCode | null>,
): void {
  app.get(paths.documents, async (request, reply) => {
    const forbidden = await forbids(request);
    if (forbidden !== null) return refuse(reply, forbidden);
    const list = await documents.list();
    return list.ok ? reply.send({ documents: list.value }) : refuse(reply, 'storeFailed');
  });
  app.get(paths.document, async (request, reply) => {
    const forbidden = await forbids(request);
    if (forbidden !== null) return refuse(reply, forbidden);
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
