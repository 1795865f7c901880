import { createHash, randomBytes } from 'node:crypto';
import type { LaneViews } from '../feed/lane-views.ts';
import { HubSeat, type SeatParts } from './hub-seat.ts';

const MAX_SEATS = 2_000;
const ALL_LANES_MS = 5_000;

/**
 * Consoles by the secret of their cookie: 256 random bits of this hub's own making, of which only a hash is kept. In memory
 * only: when a hub ends, its consoles go to another one and their officers sign in anew.
 */
export class HubSeats {
  readonly #parts: SeatParts;
  readonly #seats = new Map<string, HubSeat>();
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(parts: SeatParts & { readonly views: Pick<LaneViews, 'onChange'> }) {
    this.#parts = parts;
    this.#stopListening = parts.views.onChange((laneId) => this.#changed(laneId));
    // A lane that falls silent tells nothing: that it is away shows here.
    this.#timer = setInterval(() => this.#changed(''), ALL_LANES_MS);
    this.#timer.unref();
  }

  /** Null for a secret this hub has not made. */
  find(secret: string | undefined): HubSeat | null {
    return secret === undefined ? null : (this.#seats.get(keyOf(secret)) ?? null);
  }

  /** Null when there are too many. */
  make(): { readonly secret: string; readonly seat: HubSeat } | null {
    if (this.#seats.size >= MAX_SEATS) {
      for (const [key, seat] of this.#seats) if (seat.empty) this.#seats.delete(key);
    }
    if (this.#seats.size >= MAX_SEATS) return null;
    const secret = randomBytes(32).toString('base64url');
    const seat = new HubSeat(this.#parts);
    this.#seats.set(keyOf(secret), seat);
    return { secret, seat };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopListening();
  }

  #changed(laneId: string): void {
    // The database being away shows as `connection` with the next look at all lanes.
    for (const seat of this.#seats.values()) seat.changed(laneId).catch(() => undefined);
  }
}

function keyOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
