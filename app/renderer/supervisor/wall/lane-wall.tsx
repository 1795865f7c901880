import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LaneCard } from '../../../contract/supervisor-console.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { LaneCardView } from './lane-card-view.tsx';
import { needOf, wallOrder } from './wall-order.ts';

interface LaneWallProps {
  readonly cards: ReadonlyMap<string, LaneCard>;
  readonly focus: string | null;
  readonly onOpen: (laneId: string) => void;
}

/** Up to six lanes as large cards, more as a dense wall; who needs somebody stands first. Enter opens, J and K choose. */
export function LaneWall({ cards, focus, onOpen }: LaneWallProps) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  const [chosen, setChosen] = useState<string | null>(focus);
  const shown = useRef<readonly string[]>([]);
  const order = wallOrder(cards, shown.current, held);
  useEffect(() => {
    shown.current = order;
  });
  const list = useRef<HTMLUListElement>(null);
  const choose = (step: number) => {
    const index = order.indexOf(chosen ?? '');
    const next = order[Math.min(Math.max(index + step, 0), order.length - 1)];
    if (next === undefined) return;
    setChosen(next);
    list.current?.querySelector<HTMLElement>(`[data-lane="${next}"] button`)?.focus();
  };
  useShortcuts({ j: () => choose(1), k: () => choose(-1) });
  const waiting = [...cards.values()].filter((card) => needOf(card) >= 1000).length;
  return (
    <main className="panel wall" data-dense={cards.size > 6}>
      <header className="panel-head">
        <h2 className="panel-title">
          {t('wall.title')} <span className="panel-count">{cards.size}</span>
        </h2>
        <p className="wall-summary">{t('wall.summary', { waiting })}</p>
        <span className="keys">
          <Kbd>J</Kbd>
          <Kbd>K</Kbd>
        </span>
      </header>
      <ul ref={list} className="wall-list" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
        {order.map((laneId) => {
          const card = cards.get(laneId);
          return card === undefined ? null : (
            <LaneCardView key={laneId} card={card} chosen={laneId === chosen} onOpen={onOpen} />
          );
        })}
      </ul>
    </main>
  );
}
