import { z } from 'zod';

/** Every way the control server says no: code, HTTP status and title. The same words stand in the OpenAPI document. */
export const PROBLEMS = {
  requestMalformed: { status: 400, title: 'The request does not fit the schema.' },
  recordMismatch: { status: 400, title: 'The path and the body speak of different records or steps.' },
  wrongSide: { status: 400, title: 'The request is meant for the other side’s control.' },
  clientNotAllowed: { status: 403, title: 'This client certificate may not ask this control.' },
  notFound: { status: 404, title: 'There is no such resource.' },
  deadlinePassed: { status: 408, title: 'The deadline had passed before the control could decide.' },
  evidenceChanged: { status: 409, title: 'The record is known with other evidence.' },
  recordVoided: { status: 409, title: 'The record was voided.' },
  receiptForged: { status: 400, title: 'The receipt is not signed by a lane key this control knows.' },
  noticeChanged: { status: 409, title: 'This step was told before with another content.' },
  requestTooLarge: { status: 413, title: 'The request is larger than the limit.' },
  mediaTypeNotSupported: { status: 415, title: 'Requests are JSON.' },
  tooManyRequests: { status: 429, title: 'This client asks too often.' },
  internalFault: { status: 500, title: 'The control has a fault.' },
  storeFailed: { status: 503, title: 'The control cannot write its records.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** RFC 9457 with our code as an extension member. `problems` name places in the request, never values. */
export const problemSchema = z.strictObject({
  type: z.string().max(128),
  title: z.string().max(256),
  status: z.int().min(400).max(599),
  code: z.enum(PROBLEM_CODES),
  problems: z.array(z.string().max(256)).max(20).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export function problem(code: ProblemCode, problems?: readonly string[]): Problem {
  const { status, title } = PROBLEMS[code];
  const common = { type: `urn:jointgate:problem:${code}`, title, status, code };
  return problems === undefined ? common : { ...common, problems: problems.map((text) => text.slice(0, 256)) };
}
