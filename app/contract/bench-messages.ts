import { z } from 'zod';

/**
 * The demo bench: a panel on which a person presents specimen documents, chooses who stands in front of the camera
 * and walks through the doors. It steers simulators at the other end of the wire and nothing else.
 */
export const benchActionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('presentDocument'), documentId: z.string().max(40) }),
  z.strictObject({ type: z.literal('presentGarbage'), kind: z.enum(['cut', 'doubled', 'nonAscii', 'endless']) }),
  z.strictObject({ type: z.literal('standBeforeCamera'), sceneId: z.string().max(40) }),
  z.strictObject({ type: z.literal('walkIn'), door: z.int().min(1).max(3) }),
  z.strictObject({ type: z.literal('walkBack'), door: z.int().min(1).max(3) }),
  z.strictObject({ type: z.literal('tailgate'), door: z.int().min(1).max(3) }),
  z.strictObject({ type: z.literal('walkByItself'), on: z.boolean() }),
  z.strictObject({ type: z.literal('unplug'), device: z.enum(['scanner', 'laneController']) }),
  z.strictObject({ type: z.literal('replug'), device: z.enum(['scanner', 'laneController']) }),
  z.strictObject({ type: z.literal('pressEmergency') }),
]);
export type BenchAction = z.infer<typeof benchActionSchema>;

export const benchViewSchema = z.strictObject({
  documents: z.array(
    z.strictObject({
      id: z.string(),
      /** Specimen holder and kind, e.g. `ZHENG JIAN, exit-entry permit`. */
      title: z.string(),
      /** What the crossing is meant to show: `cleared`, `exit control refuses`, .. */
      story: z.string(),
      lines: z.array(z.string()),
    }),
  ),
  scenes: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      thumbnail: z.string().startsWith('data:image/jpeg;base64,').nullable(),
    }),
  ),
  currentScene: z.string(),
  /** The traveller walks through each door by itself as soon as it opens. */
  walksByItself: z.boolean(),
  doors: z.array(z.strictObject({ door: z.int(), open: z.boolean(), lamp: z.enum(['off', 'red', 'green', 'amber']) })),
  place: z.enum(['outside', 'chamberA', 'chamberB', 'through']),
  unplugged: z.array(z.enum(['scanner', 'laneController'])),
  log: z.array(z.strictObject({ at: z.iso.datetime(), text: z.string().max(200) })).max(100),
});
export type BenchView = z.infer<typeof benchViewSchema>;

export const toBenchSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('action'), action: benchActionSchema }),
  z.strictObject({ type: z.literal('shutdown') }),
]);
export type ToBench = z.infer<typeof toBenchSchema>;

export const fromBenchSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), laneProfilePath: z.string() }),
  z.strictObject({ type: z.literal('view'), view: benchViewSchema }),
  z.strictObject({ type: z.literal('failed'), message: z.string().max(500) }),
]);
export type FromBench = z.infer<typeof fromBenchSchema>;
