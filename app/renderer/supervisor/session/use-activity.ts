import { useEffect } from 'react';
import type { Ask } from '../console/use-console.ts';

/** At most so often is it said that somebody is there; far below the idle lock. */
const SAY_EVERY_MS = 10_000;

/** Keeps the session awake while keys and pointer are used; a console that nobody touches locks itself. */
export function useActivity(ask: Ask, signedIn: boolean): void {
  useEffect(() => {
    if (!signedIn) return;
    let saidMs = Number.NEGATIVE_INFINITY;
    const touched = (): void => {
      const nowMs = performance.now();
      if (nowMs - saidMs < SAY_EVERY_MS) return;
      saidMs = nowMs;
      void ask({ type: 'active' });
    };
    const kinds = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;
    for (const kind of kinds) window.addEventListener(kind, touched, { passive: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, touched);
    };
  }, [ask, signedIn]);
}
