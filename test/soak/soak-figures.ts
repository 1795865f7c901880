import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What one process holds. */
export interface Footprint {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Pictures and other bytes outside the heap. */
  readonly bufferBytes: number;
  /** Open file descriptors. */
  readonly handles: number;
}

const COLLECTIONS = 3;
const PAUSE_MS = 50;

/** Measured behind garbage collections, so that only what is held counts. Needs `--expose-gc`. */
export async function footprint(): Promise<Footprint> {
  for (let turn = 0; turn < COLLECTIONS; turn += 1) {
    globalThis.gc?.();
    await sleep(PAUSE_MS);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed, bufferBytes: external, handles: readdirSync('/proc/self/fd').length };
}

/** The median of each figure. */
export function middle(samples: readonly Footprint[]): Footprint {
  const of = (figure: keyof Footprint): number => {
    const sorted = samples.map((sample) => sample[figure]).toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  };
  return {
    rssBytes: of('rssBytes'),
    heapBytes: of('heapBytes'),
    bufferBytes: of('bufferBytes'),
    handles: of('handles'),
  };
}

/** As a share of the first: 0.05 is five percent more. Less is 0. The heap is told in the figures; the process's memory holds it. */
export function growth(first: Footprint, last: Footprint): { readonly memory: number; readonly handles: number } {
  const share = (before: number, after: number): number => Math.max(0, Math.round((after / before - 1) * 1e4) / 1e4);
  return { memory: share(first.rssBytes, last.rssBytes), handles: share(first.handles, last.handles) };
}

/** The same throws for the same seed, so that a soak that fails can be run again. */
export function seededDice(seed: number): { below(limit: number): number; pick<T>(choices: readonly T[]): T } {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
  return {
    below,
    pick: (choices) => {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new RangeError('nothing to pick from');
      return chosen;
    },
  };
}
