import { z } from 'zod';
import { ImpossibleAct } from './impossible-act.ts';
import type { SimulatedDevices } from './simulated-devices.ts';

const doorSchema = z.int().min(1).max(3);
const onDoor = <V extends string>(verb: V) =>
  z.strictObject({ device: z.literal('lane'), verb: z.literal(verb), door: doorSchema });
const onLane = <V extends string>(verb: V) => z.strictObject({ device: z.literal('lane'), verb: z.literal(verb) });
const onScanner = <V extends string>(verb: V) =>
  z.strictObject({ device: z.literal('scanner'), verb: z.literal(verb) });

/** Acts of the physical world, by name: what a person at the demo bench or a scenario can do to the simulated devices. */
export const steeringVerbSchema = z.union([
  z.strictObject({
    device: z.literal('scanner'),
    verb: z.literal('presentDocument'),
    lines: z.array(z.string().max(200)).min(1).max(4),
  }),
  z.strictObject({ device: z.literal('scanner'), verb: z.literal('presentBytes'), base64: z.base64().max(100_000) }),
  onScanner('removeDocument'),
  onScanner('unplug'),
  onScanner('replug'),
  onDoor('walkIn'),
  onDoor('walkBack'),
  onDoor('tailgate'),
  onDoor('jam'),
  onDoor('unjam'),
  z.strictObject({
    device: z.literal('lane'),
    verb: z.literal('waitForOpenDoor'),
    door: doorSchema,
    direction: z.enum(['forward', 'backward']),
    timeoutMs: z.int().min(0).max(600_000),
  }),
  onLane('pressEmergency'),
  onLane('releaseEmergency'),
  onLane('clearPeople'),
  onLane('unplug'),
  onLane('replug'),
]);
export type SteeringVerb = z.infer<typeof steeringVerbSchema>;

/** Over process messages or any other line: each request is answered once, with its id. */
export const steeringRequestSchema = z.strictObject({ id: z.int().min(0), verb: steeringVerbSchema });

export const steeringReplySchema = z.discriminatedUnion('outcome', [
  z.strictObject({ id: z.int(), outcome: z.literal('done') }),
  /** The physical world does not allow it; the words say why. */
  z.strictObject({ id: z.int(), outcome: z.literal('impossible'), why: z.string() }),
  z.strictObject({ id: z.int(), outcome: z.literal('timeout') }),
]);
export type SteeringReply = z.infer<typeof steeringReplySchema>;
type Outcome = 'done' | 'timeout';

/** Does one act. Resolves when it is done in the simulated world; throws {@link ImpossibleAct} when it can't be. */
export async function steer(devices: SimulatedDevices, verb: SteeringVerb): Promise<Outcome> {
  if (verb.device === 'lane') return steerLane(devices, verb);
  const { scanner } = devices;
  switch (verb.verb) {
    case 'presentDocument':
      await scanner.presentDocument(verb.lines);
      return 'done';
    case 'presentBytes':
      await scanner.presentBytes(Buffer.from(verb.base64, 'base64'));
      return 'done';
    case 'removeDocument':
    case 'unplug':
    case 'replug':
      scanner[verb.verb]();
      return 'done';
  }
}

async function steerLane(
  { lane }: SimulatedDevices,
  verb: Extract<SteeringVerb, { device: 'lane' }>,
): Promise<Outcome> {
  switch (verb.verb) {
    case 'walkIn':
    case 'walkBack':
    case 'tailgate':
      await lane[verb.verb](verb.door);
      return 'done';
    case 'jam':
    case 'unjam':
      lane[verb.verb](verb.door);
      return 'done';
    case 'waitForOpenDoor':
      return (await lane.doorOpen(verb.door, verb.direction, verb.timeoutMs)) ? 'done' : 'timeout';
    case 'pressEmergency':
    case 'releaseEmergency':
    case 'clearPeople':
    case 'unplug':
    case 'replug':
      lane[verb.verb]();
      return 'done';
  }
}

/** Answers one message of the steering side. What is no request gets null, since there is no id to answer to. */
export async function answerSteering(devices: SimulatedDevices, message: unknown): Promise<SteeringReply | null> {
  const request = steeringRequestSchema.safeParse(message);
  if (!request.success) return null;
  const { id, verb } = request.data;
  try {
    return { id, outcome: await steer(devices, verb) };
  } catch (error) {
    if (error instanceof ImpossibleAct) return { id, outcome: 'impossible', why: error.message };
    throw error;
  }
}
