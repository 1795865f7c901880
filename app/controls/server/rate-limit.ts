/** Token bucket for each client: `burst` at once, `perSecond` in the long run. */
export interface RateLimit {
  /** Milliseconds to wait before the next request is taken, or 0 when this one is. */
  take(client: string, nowMs: number): number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Clients are few (lanes with a certificate); should they not be, the longest silent ones are forgotten. */
const MAX_CLIENTS = 1_000;

export function createRateLimit({ perSecond, burst }: { perSecond: number; burst: number }): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take(client, nowMs) {
      const bucket = buckets.get(client) ?? { tokens: burst, atMs: nowMs };
      // A clock stepped back must not take tokens away.
      const elapsedMs = Math.max(0, nowMs - bucket.atMs);
      const tokens = Math.min(burst, bucket.tokens + (elapsedMs * perSecond) / 1000);
      const taken = tokens >= 1;
      // Deleted and set again, so that the map's order is by last use.
      buckets.delete(client);
      buckets.set(client, { tokens: taken ? tokens - 1 : tokens, atMs: nowMs });
      if (buckets.size > MAX_CLIENTS) buckets.delete(buckets.keys().next().value ?? client);
      return taken ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond);
    },
  };
}
