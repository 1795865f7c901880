import { describe, expect, test } from 'vitest';
import type { ManualTiming } from '../ports/manual-timing.ts';

/**
 * What a use of a device came to: the right answer to what was asked; an error or event code; or a wrong answer, which nothing may
 * ever lead to. `number` of a use makes its right answer different from that of the use before.
 */
export type Use = 'right' | 'wrong' | { readonly code: string };

/** The cable between a driver and an honest device; what goes through it can be spoiled on the way. */
export interface FaultyWire {
  /** What the driver hears of one thing the device says; an empty list is silence. */
  toHost: (bytes: Uint8Array) => readonly Uint8Array[];
  toDevice: (bytes: Uint8Array) => readonly Uint8Array[];
  /** Noise that no device said. */
  say(bytes: Uint8Array): void;
  unplug(): void;
  plug(): void;
}

/** An honest wire: used again whenever a fault is over. */
export function mend(wire: FaultyWire): void {
  wire.toHost = (bytes) => [bytes];
  wire.toDevice = (bytes) => [bytes];
}

export interface FaultBench {
  readonly timing: ManualTiming;
  readonly wire: FaultyWire;
  readonly ready: () => boolean;
  /** Events the driver told since the start: a driver that floods its listeners is no better than one that fills memory. */
  readonly told: () => number;
  use(number: number): Promise<Use>;
  end(): Promise<void>;
}

export interface FaultSubject {
  readonly name: string;
  /** A driver that is ready, its honest device behind a fake wire. */
  open(): Promise<FaultBench>;
  /** What the device says when it refuses `reply`; null where it has no such word. */
  readonly refuse: ((reply: Uint8Array) => Uint8Array) | null;
  /** False for devices that speak unasked: their silence is no error. */
  readonly answers: boolean;
  /** Whether it is asked something by itself, so that its silence is noticed before anybody needs it. */
  readonly hasHeartbeat: boolean;
  /** USB carries reports whole and with a checksum of its own: a flipped bit is only the device's own, and found by nobody here. */
  readonly checkedByTransport: boolean;
  /** Milliseconds of virtual time within which every use must have ended. */
  readonly patienceMs: number;
  /** How late a slow device may answer: a little and much more than each time limit of the driver. */
  readonly lateMs: readonly number[];
  /** Bytes a second the line carries. */
  readonly bytesPerSecond: number;
}

const RECOVERY_MS = 2_000;
const STEP_MS = 50;
const LONG_SILENCE_MS = 23_170;
const BABBLE_MS = 10_000;
const BABBLE_STEP_MS = 10;
/** Timers of one driver and its device at any moment. */
const MAX_TIMERS = 24;
/** What an honest device may still wait for when its driver is gone. */
const DEVICE_TIMERS = 4;

const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
  const flipped = Uint8Array.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
};

/** Noise that is the same in every run. */
export function noise(length: number, seed: number): Uint8Array {
  let state = seed * 2_654_435_761 + 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

type Direction = 'toHost' | 'toDevice';

/** Every fault of a line and of a device's manners, for any driver over its byte fake. */
export function faultMatrix(subject: FaultSubject): void {
  describe(`fault matrix: ${subject.name}`, { timeout: 120_000 }, () => {
    /** Runs one use in virtual time; never for ever. */
    const settle = async (bench: FaultBench, number: number, what: string, stepMs = STEP_MS): Promise<Use> => {
      let ended: Use | null = null;
      void bench.use(number).then((use) => {
        ended = use;
      });
      for (let ms = 0; ended === null && ms <= subject.patienceMs; ms += stepMs) await bench.timing.advance(stepMs);
      expect(ended, `${what}: no end after ${subject.patienceMs} ms`).not.toBeNull();
      return ended ?? 'wrong';
    };
    const harmless = (use: Use, what: string): void => {
      expect(use, what).not.toBe('wrong');
      if (typeof use === 'object') expect(use.code, what).toMatch(/^[a-zA-Z]+$/);
    };
    const recovers = async (bench: FaultBench, number: number, what: string): Promise<void> => {
      mend(bench.wire);
      for (let ms = 0; ms < RECOVERY_MS; ms += STEP_MS) await bench.timing.advance(STEP_MS);
      expect(bench.ready(), `${what}: ready ${RECOVERY_MS} ms later`).toBe(true);
      expect(await settle(bench, number, `${what}, afterwards`), `${what}, afterwards`).toBe('right');
      expect(bench.timing.pendingCount, `${what}: timers`).toBeLessThanOrEqual(MAX_TIMERS);
    };
    /** Closing may wait for a device's pauses, so the clock runs on meanwhile. */
    const end = async (bench: FaultBench): Promise<void> => {
      let ended = false;
      void bench.end().then(() => {
        ended = true;
      });
      for (let ms = 0; !ended && ms <= subject.patienceMs; ms += STEP_MS) await bench.timing.advance(STEP_MS);
      expect(ended, 'the driver closed').toBe(true);
      expect(bench.timing.pendingCount, 'timers of a closed driver').toBeLessThanOrEqual(DEVICE_TIMERS);
    };
    /** What is said in one good use, in the order it is said. */
    const session = async (bench: FaultBench, direction: Direction, number: number): Promise<Uint8Array[]> => {
      const said: Uint8Array[] = [];
      bench.wire[direction] = (bytes) => {
        said.push(Uint8Array.from(bytes));
        return [bytes];
      };
      expect(await settle(bench, number, 'without any fault')).toBe('right');
      mend(bench.wire);
      return said;
    };
    /** One use in which the message at `index` is replaced. */
    const spoiledUse = (
      bench: FaultBench,
      direction: Direction,
      index: number,
      spoil: (bytes: Uint8Array) => readonly Uint8Array[],
      number: number,
      what: string,
    ): Promise<Use> => {
      let turn = -1;
      bench.wire[direction] = (bytes) => {
        turn += 1;
        return turn === index ? spoil(bytes) : [bytes];
      };
      return settle(bench, number, what);
    };

    test('silence: an error in time, and back within 2 s', async () => {
      const bench = await subject.open();
      bench.wire.toHost = () => [];
      const use = await settle(bench, 1, 'silence');
      harmless(use, 'silence');
      if (subject.answers) expect(use).not.toBe('right');
      // Long enough for every retry and back-off to have run out.
      for (let ms = 0; ms < LONG_SILENCE_MS; ms += STEP_MS) await bench.timing.advance(STEP_MS);
      expect(bench.timing.pendingCount).toBeLessThanOrEqual(MAX_TIMERS);
      expect(bench.ready(), 'ready in silence').toBe(!subject.hasHeartbeat);
      await recovers(bench, 2, 'silence');
      await end(bench);
    });

    test.skipIf(subject.refuse === null)('a refusal is an error, and the next use is right', async () => {
      const bench = await subject.open();
      bench.wire.toHost = (bytes) => [subject.refuse?.(bytes) ?? bytes];
      const use = await settle(bench, 1, 'refusal');
      expect(use).toMatchObject({ code: expect.any(String) });
      await recovers(bench, 2, 'refusal');
      await end(bench);
    });

    test.each(['before', 'behind', 'instead of'])('noise %s each answer', async (place) => {
      const bench = await subject.open();
      const count: number = (await session(bench, 'toHost', 1)).length;
      for (let index = 0; index < count; index += 1) {
        for (let seed = 1; seed <= 5; seed += 1) {
          const what = `noise ${seed} ${place} message ${index}`;
          const spoil = (bytes: Uint8Array): readonly Uint8Array[] => {
            const junk = noise(seed * 9, seed);
            if (place === 'instead of') return [junk];
            return place === 'before' ? [junk, bytes] : [bytes, junk];
          };
          harmless(await spoiledUse(bench, 'toHost', index, spoil, 2 * seed, what), what);
          await recovers(bench, 2 * seed + 1, what);
        }
      }
      await end(bench);
    });

    test.each(['toHost', 'toDevice'] as const)('each single bit flipped in each message of a use, %s', async (way) => {
      const bench = await subject.open();
      const said = await session(bench, way, 1);
      let number = 1;
      for (const [index, { length }] of said.entries()) {
        for (let bit = 0; bit < length * 8; bit += 1) {
          const what = `bit ${bit} of message ${index}`;
          number += 1;
          const use = await spoiledUse(bench, way, index, (bytes) => [flip(bytes, bit)], number, what);
          if (!subject.checkedByTransport) harmless(use, what);
          number += 1;
          await recovers(bench, number, what);
        }
      }
      await end(bench);
    });

    test.each(['toHost', 'toDevice'] as const)('half of each message of a use, and nothing behind, %s', async (way) => {
      const bench = await subject.open();
      const said = await session(bench, way, 1);
      let number = 1;
      for (const [index, { length }] of said.entries()) {
        for (const cut of new Set([1, length >> 1, length - 1])) {
          const what = `message ${index} cut after ${cut} bytes`;
          number += 1;
          const use = await spoiledUse(bench, way, index, (bytes) => [bytes.slice(0, cut)], number, what);
          harmless(use, what);
          number += 1;
          await recovers(bench, number, what);
        }
      }
      await end(bench);
    });

    test('two messages glued together, and one said twice', async () => {
      const bench = await subject.open();
      const said = await session(bench, 'toHost', 1);
      let number = 1;
      for (let index = 0; index < said.length; index += 1) {
        for (const other of [index, (index + 1) % said.length]) {
          const what = `message ${index} with ${other} glued to it`;
          number += 1;
          const spoil = (bytes: Uint8Array): Uint8Array[] => [
            Uint8Array.of(...bytes, ...(other === index ? bytes : (said[other] ?? []))),
          ];
          harmless(await spoiledUse(bench, 'toHost', index, spoil, number, what), what);
          number += 1;
          await recovers(bench, number, what);
        }
      }
      await end(bench);
    });

    test('unplugged at every byte of a use, and put back', async () => {
      const bench = await subject.open();
      const total = (await session(bench, 'toHost', 1)).reduce((sum, { length }) => sum + length, 0);
      let number = 1;
      for (let cut = 0; cut <= total; cut += 1) {
        const what = `unplugged behind byte ${cut}`;
        let said = 0;
        bench.wire.toHost = (bytes) => {
          const before = said;
          said += bytes.length;
          if (before > cut || said < cut || (said === cut && cut < total)) return [bytes];
          mend(bench.wire);
          bench.wire.say(bytes.slice(0, cut - before));
          bench.wire.unplug();
          bench.wire.plug();
          return [];
        };
        number += 1;
        harmless(await settle(bench, number, what), what);
        number += 1;
        await recovers(bench, number, what);
      }
      await end(bench);
    });

    test.each(['one', 'every'])(
      '%s reply after its timeout is never taken for the answer to the next command',
      async (which) => {
        const bench = await subject.open();
        const count: number = (await session(bench, 'toHost', 1)).length;
        let number = 1;
        for (const lateMs of subject.lateMs) {
          for (let late = 0; late < (which === 'one' ? count : 1); late += 1) {
            const what = `reply ${which === 'one' ? late : 'n'}, ${lateMs} ms late`;
            let turn = -1;
            let freeAt = 0;
            let isSlow = true;
            // A line keeps its order: what is said behind a late reply comes behind it.
            bench.wire.toHost = (bytes) => {
              turn += 1;
              const now = bench.timing.now();
              freeAt = Math.max(freeAt, now + (isSlow && (which === 'every' || turn === late) ? lateMs : 0));
              if (freeAt <= now) return [bytes];
              bench.timing.after(freeAt - now, () => bench.wire.say(bytes));
              return [];
            };
            for (let follower = 0; follower < 4; follower += 1) {
              number += 1;
              harmless(await settle(bench, number, what, 5), `${what}, use ${follower}`);
            }
            // The cause is over when the last late reply is through.
            isSlow = false;
            while (bench.timing.now() < freeAt) await bench.timing.advance(STEP_MS);
            number += 1;
            await recovers(bench, number, what);
          }
        }
        await end(bench);
      },
    );

    test.each<[string, number | null]>([
      ['ones', 0xff],
      ['zeros', 0x00],
      ['text', 0x41],
      ['anything', null],
    ])('a device that babbles %s at line speed for 10 s', async (_, byte) => {
      const bench = await subject.open();
      const length = Math.max(1, Math.round((subject.bytesPerSecond * BABBLE_STEP_MS) / 1_000));
      const before = bench.told();
      let ended: Use | null = null;
      bench.wire.toHost = () => [];
      void bench.use(1).then((use) => {
        ended = use;
      });
      for (let ms = 0; ms < BABBLE_MS; ms += BABBLE_STEP_MS) {
        bench.wire.say(byte === null ? noise(length, ms + 1) : new Uint8Array(length).fill(byte));
        await bench.timing.advance(BABBLE_STEP_MS);
        expect(bench.timing.pendingCount).toBeLessThanOrEqual(MAX_TIMERS);
      }
      // A use must not wait for the babble's end; a document laid on a babbling scanner may be lost.
      if (subject.answers) expect(ended, 'the use while it babbled').toMatchObject({ code: expect.any(String) });
      expect(bench.told() - before).toBeLessThan(BABBLE_MS / 5);
      for (let ms = 0; ended === null && ms < subject.patienceMs; ms += STEP_MS) await bench.timing.advance(STEP_MS);
      await recovers(bench, 2, 'babble');
      await end(bench);
    });
  });
}
