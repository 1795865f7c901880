import { z } from 'zod';
import { diagnosticsActionSchema } from './diagnostics-actions.ts';
import { diagnosticsViewSchema } from './diagnostics-view.ts';
import { consoleReplySchema, consoleRequestSchema, consoleUpdateSchema } from './supervisor-console.ts';
import { cameraFrameSchema, travellerActionSchema, travellerViewSchema } from './traveller-view.ts';

/** From Electron main (or a test) to the lane process. */
export const toLaneSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('traveller'), action: travellerActionSchema }),
  /** Of the supervisor's window: main passes it on and gives the reply with the same `id` back. */
  z.strictObject({ type: z.literal('console'), id: z.int().min(0), request: consoleRequestSchema }),
  z.strictObject({ type: z.literal('diagnostics'), action: diagnosticsActionSchema }),
  cameraFrameSchema,
  z.strictObject({ type: z.literal('ping'), id: z.int() }),
  z.strictObject({ type: z.literal('shutdown') }),
]);
export type ToLane = z.infer<typeof toLaneSchema>;

/** From the lane process to Electron main. */
export const fromLaneSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started'), laneId: z.string(), pid: z.int() }),
  z.strictObject({ type: z.literal('startFailed'), code: z.string().max(64), message: z.string().max(500) }),
  z.strictObject({ type: z.literal('travellerView'), view: travellerViewSchema }),
  z.strictObject({ type: z.literal('consoleReply'), id: z.int().min(0), reply: consoleReplySchema }),
  z.strictObject({ type: z.literal('consoleUpdate'), update: consoleUpdateSchema }),
  z.strictObject({ type: z.literal('diagnosticsView'), view: diagnosticsViewSchema }),
  z.strictObject({ type: z.literal('pong'), id: z.int() }),
]);
export type FromLane = z.infer<typeof fromLaneSchema>;
