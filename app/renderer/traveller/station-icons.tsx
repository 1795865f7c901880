import type { ReactNode } from 'react';
import type { STATIONS } from '../../contract/traveller-view.ts';

type Station = (typeof STATIONS)[number];

const SHAPES: Readonly<Record<Station, ReactNode>> = {
  document: (
    <>
      <rect x="9" y="13" width="30" height="22" rx="3" />
      <circle cx="18" cy="22" r="3" />
      <path d="M26 20 h8 M26 25 h8 M14 30 h20" />
    </>
  ),
  face: (
    <>
      <path d="M10 17 v-7 h7 M31 10 h7 v7 M38 31 v7 h-7 M17 38 h-7 v-7" />
      <circle cx="24" cy="21" r="5" />
      <path d="M15 34 a9 9 0 0 1 18 0" />
    </>
  ),
  exit: <path d="M22 10 H11 V38 H22 M20 24 H38 M31 17 L38 24 L31 31" />,
  entry: <path d="M26 10 H37 V38 H26 M9 24 H28 M21 17 L28 24 L21 31" />,
  go: <path d="M24 39 V11 M12 23 L24 10 L36 23" />,
};

/** The sign of a station of the track. */
export function StationIcon({ station }: { station: Station }) {
  return (
    <svg className="station-icon" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      {SHAPES[station]}
    </svg>
  );
}
