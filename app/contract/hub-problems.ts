import { z } from 'zod';

/** Every way the hub says no: code, HTTP status and title. RFC 9457 with our code as an extension member. */
export const HUB_PROBLEMS = {
  requestMalformed: { status: 400, title: 'The request does not fit the schema.' },
  signedOut: { status: 401, title: 'Nobody is signed in.' },
  signInRefused: { status: 401, title: 'The account or its secret is wrong, or the account is closed.' },
  laneNotKnown: { status: 403, title: 'The certificate names no lane of this port.' },
  laneMismatch: { status: 403, title: 'The record or the view belongs to another lane.' },
  notAllowed: { status: 403, title: 'This officer may not do that.' },
  notFound: { status: 404, title: 'There is no such resource.' },
  recordRefused: { status: 409, title: 'The joint record does not allow this.' },
  earlierLife: { status: 409, title: 'The lane has started again since; this start of it counts no longer.' },
  versionChanged: { status: 409, title: 'Somebody else has changed it meanwhile.' },
  journalForked: { status: 409, title: 'The journal does not continue what was collected before.' },
  laneAway: { status: 409, title: 'The lane is not connected.' },
  requestTooLarge: { status: 413, title: 'The request is larger than the limit.' },
  mediaTypeNotSupported: { status: 415, title: 'Requests are JSON.' },
  tooManyRequests: { status: 429, title: 'Too many requests.' },
  internalFault: { status: 500, title: 'The hub has a fault.' },
  storeFailed: { status: 503, title: 'The hub cannot write or read its records.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type HubProblemCode = keyof typeof HUB_PROBLEMS;
export const HUB_PROBLEM_CODES = Object.keys(HUB_PROBLEMS) as [HubProblemCode, ...HubProblemCode[]];
export const HUB_PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** `problems` names places in the request, never values. `refusal` is the store's own error, with `recordRefused` and `storeFailed`. */
export const hubProblemSchema = z.object({
  type: z.string().max(128),
  title: z.string().max(256),
  status: z.int().min(400).max(599),
  code: z.enum(HUB_PROBLEM_CODES),
  problems: z.array(z.string().max(256)).max(20).optional(),
  refusal: z.unknown().optional(),
});
export type HubProblem = z.infer<typeof hubProblemSchema>;

export function hubProblem(
  code: HubProblemCode,
  more: { readonly problems?: readonly string[]; readonly refusal?: unknown } = {},
): HubProblem {
  const { status, title } = HUB_PROBLEMS[code];
  const { problems, refusal } = more;
  return {
    type: `urn:jointgate:problem:${code}`,
    title,
    status,
    code,
    ...(problems === undefined ? {} : { problems: problems.slice(0, 20).map((text) => text.slice(0, 256)) }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}
