import { z } from 'zod';
import lotTurnstile from './lot-turnstile.json' with { type: 'json' };

const addressSchema = z.int().min(0).max(0xffff);
const wordSchema = z.int().min(0).max(0xffff);
const offsetSchema = z.int().min(0).max(124);

/**
 * A door unit's register map as data: another maker is another file. Addresses are the numbers on the wire (from 0), values 16 bits.
 * `forward` is the unit's "enter" direction, so units are mounted with their enter side towards the exit control.
 */
export const turnstileMapSchema = z.strictObject({
  name: z.string(),
  source: z.string(),
  /** What the bus usually runs at; the lane profile may say otherwise. 8N1. */
  baudRate: z.int().min(1_200).max(921_600),
  /** Silence the unit wants between two frames. */
  interFrameGapMs: z.number().min(0).max(100),
  /** The unit answers within this time, the longest answer's line time included. */
  responseTimeoutMs: z.number().min(5).max(5_000),
  /** Writing n lets n people through; 0 shuts. */
  grantForward: addressSchema,
  grantBackward: addressSchema,
  /** One block read gives the whole state; `offsets` are counted from its start. */
  status: z.strictObject({ address: addressSchema, count: z.int().min(1).max(125) }),
  offsets: z.strictObject({
    passesForward: offsetSchema,
    passesBackward: offsetSchema,
    occupiedExit: offsetSchema,
    occupiedEntry: offsetSchema,
    countForwardLow: offsetSchema,
    countForwardHigh: offsetSchema,
    countBackwardLow: offsetSchema,
    countBackwardHigh: offsetSchema,
    errorBits: offsetSchema,
  }),
  mode: z.strictObject({ address: addressSchema, normal: wordSchema, blocked: wordSchema, emergency: wordSchema }),
  settings: z.strictObject({
    /** 0: a new grant replaces the old one. */
    accumulate: addressSchema,
    /** Seconds until an unused grant expires. */
    passTimeS: addressSchema,
    /** Seconds a started passage may take. */
    passageTimeS: addressSchema,
  }),
  /** Three registers a lamp: on time, off time and whole duration in units of 100 ms; 0xFFFF is for ever. */
  lamps: z.strictObject({
    green: addressSchema,
    red: addressSchema,
    on: z.array(wordSchema).length(3),
    off: z.array(wordSchema).length(3),
  }),
  /** More than this is never granted at once, whoever asks. */
  maxPasses: z.int().min(1).max(10),
});
export type TurnstileMap = z.infer<typeof turnstileMapSchema>;

/** The same units met from their other side: what was forward is backward, in grants, passages, sensors and counters alike. */
export function turnedMap(map: TurnstileMap): TurnstileMap {
  const { offsets } = map;
  return {
    ...map,
    grantForward: map.grantBackward,
    grantBackward: map.grantForward,
    offsets: {
      ...offsets,
      passesForward: offsets.passesBackward,
      passesBackward: offsets.passesForward,
      occupiedExit: offsets.occupiedEntry,
      occupiedEntry: offsets.occupiedExit,
      countForwardLow: offsets.countBackwardLow,
      countForwardHigh: offsets.countBackwardHigh,
      countBackwardLow: offsets.countForwardLow,
      countBackwardHigh: offsets.countForwardHigh,
    },
  };
}

export const LOT_TURNSTILE: TurnstileMap = turnstileMapSchema.parse(lotTurnstile);
