import { z } from 'zod';
import { steeringReplySchema } from './steering.ts';

export const simulatorProcessOptionsSchema = z.strictObject({
  folder: z.string().nullable(),
  doorCount: z.union([z.literal(2), z.literal(3)]),
  readingMs: z.number().min(0).max(60_000),
  travelMs: z.number().min(0).max(60_000),
});
export type SimulatorProcessOptions = z.infer<typeof simulatorProcessOptionsSchema>;

export const simulatorProcessMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('plugged'),
    paths: z.strictObject({ documentScanner: z.string(), laneController: z.string() }),
  }),
  z.strictObject({ type: z.literal('reply'), reply: steeringReplySchema }),
]);
export type SimulatorProcessMessage = z.infer<typeof simulatorProcessMessageSchema>;
