/** Which way the traveller walks as seen on this screen; a screen beside the door needs another arrow than one above it. */
export const WALK_DIRECTIONS = ['up', 'right', 'left'] as const;
export type WalkDirection = (typeof WALK_DIRECTIONS)[number];

const TURN: Readonly<Record<WalkDirection, number>> = { up: 0, right: 90, left: -90 };

/** The full-screen arrow of an open door. */
export function GoArrow({ walk }: { walk: WalkDirection }) {
  return (
    <svg className="go-arrow" viewBox="-300 -300 600 600" aria-hidden="true" focusable="false">
      <g transform={`rotate(${TURN[walk]})`}>
        <g className="go-arrow-moving">
          <path d="M0 -260 L226 -24 L226 76 L62 -94 L62 250 L-62 250 L-62 -94 L-226 76 L-226 -24 Z" />
        </g>
      </g>
    </svg>
  );
}
