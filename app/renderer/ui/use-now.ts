import { useEffect, useState } from 'react';

/** The wall clock in milliseconds, renewed every `everyMs`. For ages and clocks on consoles, never for decisions. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
