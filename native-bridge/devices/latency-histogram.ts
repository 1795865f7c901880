/** Upper bounds of the buckets in milliseconds, doubling; the last one is open. */
export const LATENCY_BOUNDS_MS: readonly number[] = [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096];

export interface LatencySummary {
  readonly count: number;
  /** Bucket bounds, so an upper estimate; null without any value. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number;
  /** One more than there are bounds. */
  readonly buckets: readonly number[];
}

/** How long a device takes, in constant memory for as long as the lane runs. */
export class LatencyHistogram {
  readonly #buckets: number[] = Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0);
  #count = 0;
  #maxMs = 0;

  add(durationMs: number): void {
    const found = LATENCY_BOUNDS_MS.findIndex((bound) => durationMs <= bound);
    const bucket = found === -1 ? LATENCY_BOUNDS_MS.length : found;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#maxMs = Math.max(this.#maxMs, durationMs);
  }

  get summary(): LatencySummary {
    return {
      count: this.#count,
      p50Ms: this.#percentile(0.5),
      p95Ms: this.#percentile(0.95),
      maxMs: this.#maxMs,
      buckets: [...this.#buckets],
    };
  }

  #percentile(share: number): number | null {
    let seen = 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      seen += count;
      if (count > 0 && seen >= this.#count * share) return LATENCY_BOUNDS_MS[bucket] ?? this.#maxMs;
    }
    return null;
  }
}
