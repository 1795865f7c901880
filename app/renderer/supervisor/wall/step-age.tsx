import { useEffect, useRef } from 'react';
import { ageText } from '../figures.ts';

/** One timer for all ages on the page: a hundred cards must not have a hundred timers, nor draw themselves anew each second. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function everySecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tell of listeners) tell();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** How long the lane is in its step; writes its text by itself. */
export function StepAge({ since, language }: { since: string; language: string }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const sinceMs = Date.parse(since);
    const write = () => {
      if (place.current !== null) place.current.textContent = ageText(sinceMs, Date.now(), language);
    };
    write();
    return everySecond(write);
  }, [since, language]);
  return <span ref={place} className="wall-age" />;
}
