/** More live records than any port has. */
const MAX_KNOWN = 10_000;

export interface LaneCache {
  of(recordId: string): Promise<string | null>;
  know(recordId: string, laneId: string): void;
}

/** Which lane a record belongs to never changes: asked once, it saves a round trip for every later event. */
export function laneCache(ask: (recordId: string) => Promise<string | null>): LaneCache {
  const lanes = new Map<string, string>();
  const know = (recordId: string, laneId: string): void => {
    lanes.set(recordId, laneId);
    // Insertion order: the first key is the oldest.
    const oldest = lanes.size > MAX_KNOWN ? lanes.keys().next().value : undefined;
    if (oldest !== undefined) lanes.delete(oldest);
  };
  return {
    know,
    of: async (recordId) => {
      const known = lanes.get(recordId);
      if (known !== undefined) return known;
      const laneId = await ask(recordId);
      if (laneId !== null) know(recordId, laneId);
      return laneId;
    },
  };
}
