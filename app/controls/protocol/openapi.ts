import { z } from 'zod';
import { CONTROL_PROTOCOL_VERSION, controlReleaseSchema } from '../../contract/control-protocol.ts';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemCode, problemSchema } from './problems.ts';
import { MAX_BODY_BYTES, ROUTES, type Route } from './routes.ts';

/** OpenAPI 3.1 of the control protocol, made from the same schemas that read requests and answers. */
export function buildOpenApi(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of Object.values<Route>(ROUTES)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Jointgate control protocol',
      version: `${CONTROL_PROTOCOL_VERSION}`,
      description: `How a lane asks one boundary control. Bodies are at most ${MAX_BODY_BYTES} bytes.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ mutualTls: [] }],
    paths,
    components: {
      securitySchemes: { mutualTls: { type: 'mutualTLS', description: 'The lane’s client certificate.' } },
      schemas: { Problem: jsonSchema(problemSchema), Release: jsonSchema(controlReleaseSchema) },
    },
  };
}

function operation(route: Route): Record<string, unknown> {
  const parameters = [
    ...(route.path.includes('{id}')
      ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }]
      : []),
    ...Object.entries(route.headers).map(([name, { schema, required }]) => ({
      name,
      in: 'header',
      required,
      schema: jsonSchema(schema),
    })),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    parameters,
    ...(route.body === null ? {} : { requestBody: { required: true, content: json(route.body) } }),
    responses: { ...success(route), ...failures(route.problems) },
  };
}

function success(route: Route): Record<string, unknown> {
  return route.answer === null
    ? { 204: { description: 'Taken note of, now or before.' } }
    : { 200: { description: route.summary, content: json(route.answer) } };
}

/** One response a status; its description lists the codes. */
function failures(codes: readonly ProblemCode[]): Record<string, unknown> {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, title } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${title}`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [
      status,
      {
        description: lines.join('\n'),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function json(schema: z.ZodType): Record<string, unknown> {
  return { 'application/json': { schema: jsonSchema(schema) } };
}

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return rest;
}
