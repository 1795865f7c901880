import { useEffect, useRef, useState } from 'react';
import type { CaptureHint } from '../../contract/traveller-view.ts';
import { HintPace } from './hint-pace.ts';

/** Hints replace each other at most once in this time. */
const HINT_PAUSE_MS = 1000;

/** The hint to show now: follows `hint`, never faster than the pause allows. */
export function usePacedHint(hint: CaptureHint | null): CaptureHint | null {
  const pace = useRef<HintPace<CaptureHint | null> | null>(null);
  pace.current ??= new HintPace(HINT_PAUSE_MS, hint);
  const [shown, setShown] = useState(hint);

  useEffect(() => {
    const current = pace.current;
    if (current === null) return;
    const offer = (): number => {
      const waitMs = current.offer(hint, performance.now());
      setShown(current.shown);
      return waitMs;
    };
    const waitMs = offer();
    if (waitMs === 0) return;
    const timer = setTimeout(offer, Math.ceil(waitMs));
    return () => clearTimeout(timer);
  }, [hint]);

  return shown;
}
