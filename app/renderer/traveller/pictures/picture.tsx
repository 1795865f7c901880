import type { ReactNode } from 'react';

/** The frame of every picture: 480 x 480 units, one stroke style, hidden from screen readers because the sentence says it. */
export function Picture({ name, children }: { name: string; children: ReactNode }) {
  return (
    <svg className={`picture picture-${name}`} viewBox="0 0 480 480" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}
