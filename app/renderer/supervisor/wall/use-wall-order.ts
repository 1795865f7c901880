import { useEffect, useRef, useState } from 'react';
import type { CardStore } from '../console/card-store.ts';
import { needOf, wallOrder } from './wall-order.ts';

/** So often the wall is put in order: a lane that needs somebody moves up within this time. */
const ORDER_EVERY_MS = 500;

export interface WallOrder {
  readonly order: readonly string[];
  /** Lanes in which somebody waits for this viewer. */
  readonly waiting: number;
}

const same = (a: WallOrder, b: WallOrder): boolean =>
  a.waiting === b.waiting && a.order.length === b.order.length && a.order.every((id, index) => id === b.order[index]);

/** The order of the wall and how many wait; changes only when it is another one. */
export function useWallOrder(cards: CardStore, held: boolean): WallOrder {
  const look = (before: readonly string[], isHeld: boolean): WallOrder => ({
    order: wallOrder(cards.cards, before, isHeld),
    waiting: [...cards.cards.values()].filter((card) => needOf(card) >= 1000).length,
  });
  const [wall, setWall] = useState(() => look([], false));
  const isHeld = useRef(held);
  isHeld.current = held;
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks at the store and at what is held now
  useEffect(() => {
    const again = () =>
      setWall((before) => {
        const next = look(before.order, isHeld.current);
        return same(before, next) ? before : next;
      });
    const timer = setInterval(again, ORDER_EVERY_MS);
    const stop = cards.subscribeList(again);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [cards]);
  return wall;
}
