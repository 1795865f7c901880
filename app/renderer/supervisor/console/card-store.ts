import type { LaneCard } from '../../../contract/supervisor-console.ts';

type Tell = () => void;

/**
 * The cards of the wall, each with its own listeners: of a hundred lanes that change twice a second only the card that changed is
 * drawn anew, and nothing around it. The wall as a whole is told when lanes come or go.
 */
export class CardStore {
  readonly #cards = new Map<string, LaneCard>();
  readonly #tellCard = new Map<string, Set<Tell>>();
  readonly #tellList = new Set<Tell>();
  #ids: readonly string[] = [];

  /** Lanes that are known, the same array until one comes or goes. */
  readonly ids = (): readonly string[] => this.#ids;

  get cards(): ReadonlyMap<string, LaneCard> {
    return this.#cards;
  }

  apply(cards: readonly LaneCard[], complete: boolean): void {
    if (complete) {
      const kept = new Set(cards.map(({ laneId }) => laneId));
      for (const laneId of this.#cards.keys()) if (!kept.has(laneId)) this.#cards.delete(laneId);
    }
    for (const card of cards) {
      this.#cards.set(card.laneId, card);
      for (const tell of this.#tellCard.get(card.laneId) ?? []) tell();
    }
    this.#listed();
  }

  /** A session's cards end with it. */
  clear(): void {
    this.#cards.clear();
    this.#listed();
  }

  subscribe(laneId: string, tell: Tell): () => void {
    const listeners = this.#tellCard.get(laneId) ?? new Set<Tell>();
    this.#tellCard.set(laneId, listeners.add(tell));
    return () => listeners.delete(tell);
  }

  readonly subscribeList = (tell: Tell): (() => void) => {
    this.#tellList.add(tell);
    return () => this.#tellList.delete(tell);
  };

  #listed(): void {
    const ids = [...this.#cards.keys()];
    if (ids.length === this.#ids.length && ids.every((id, index) => id === this.#ids[index])) return;
    this.#ids = ids;
    for (const tell of this.#tellList) tell();
  }
}
