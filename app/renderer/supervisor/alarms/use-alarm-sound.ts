import { useEffect, useRef, useState } from 'react';
import type { Alarm } from '../../../contract/supervisor-view.ts';
import { type Note, notesInARow, TonePlayer } from '../../ui/tone-player.ts';

const ALARM_TONE: readonly Note[] = notesInARow(140, 880, 659, 880);

/** Sounds once when a critical or security alarm is new. What was open when the console started does not sound. */
export function useAlarmSound(alarms: readonly Alarm[] | null): void {
  const [player] = useState(() => new TonePlayer());
  const known = useRef<ReadonlySet<number> | null>(null);
  useEffect(() => {
    if (alarms === null) return;
    const before = known.current;
    known.current = new Set(alarms.map(({ id }) => id));
    // A watchlist alarm is seen by its own side and heard by nobody.
    const isGrave = ({ severity, silent }: Alarm) =>
      silent !== true && (severity === 'critical' || severity === 'security');
    if (before !== null && alarms.some((alarm) => !before.has(alarm.id) && isGrave(alarm))) player.play(ALARM_TONE);
  }, [alarms, player]);
}
