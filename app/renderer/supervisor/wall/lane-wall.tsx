import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Kbd } from '../../ui/kbd.tsx';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { useConsoleContext } from '../console/use-console.ts';
import { LaneCardView } from './lane-card-view.tsx';
import { useWallOrder } from './use-wall-order.ts';

interface LaneWallProps {
  readonly focus: string | null;
  readonly onOpen: (laneId: string) => void;
}

/** Up to six lanes as large cards, more as a dense wall; who needs somebody stands first. Enter opens, J and K choose. */
export function LaneWall({ focus, onOpen }: LaneWallProps) {
  const { t } = useTranslation();
  const { cards } = useConsoleContext();
  const [held, setHeld] = useState(false);
  const [chosen, setChosen] = useState<string | null>(focus);
  const { order, waiting } = useWallOrder(cards, held);
  const open = useRef(onOpen);
  open.current = onOpen;
  const openLane = useCallback((laneId: string) => open.current(laneId), []);
  const list = useRef<HTMLUListElement>(null);
  const choose = (step: number) => {
    const index = order.indexOf(chosen ?? '');
    const next = order[Math.min(Math.max(index + step, 0), order.length - 1)];
    if (next === undefined) return;
    setChosen(next);
    list.current?.querySelector<HTMLElement>(`[data-lane="${next}"] button`)?.focus();
  };
  useShortcuts({ j: () => choose(1), k: () => choose(-1) });
  return (
    <main className="panel wall" data-dense={order.length > 6}>
      <header className="panel-head">
        <h2 className="panel-title">
          {t('wall.title')} <span className="panel-count">{order.length}</span>
        </h2>
        <p className="wall-summary">{t('wall.summary', { waiting })}</p>
        <span className="keys">
          <Kbd>J</Kbd>
          <Kbd>K</Kbd>
        </span>
      </header>
      <ul ref={list} className="wall-list" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
        {order.map((laneId) => (
          <LaneCardView key={laneId} cards={cards} laneId={laneId} chosen={laneId === chosen} onOpen={openLane} />
        ))}
      </ul>
    </main>
  );
}
