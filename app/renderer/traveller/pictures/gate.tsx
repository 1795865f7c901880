import { useId } from 'react';
import { Figure } from './figure.tsx';
import { Picture } from './picture.tsx';

interface GateProps {
  /** `opening` shows the leaves slide apart and the person walk through, `shut` shows the person wait. */
  readonly door: 'opening' | 'shut';
  readonly figure: boolean;
}

/** A gate seen by the person who stands before it: frame, lamp, two glass leaves, floor. */
export function GatePicture({ door, figure }: GateProps) {
  const clip = useId();
  return (
    <Picture name={`gate gate-${door}`}>
      <clipPath id={clip}>
        <rect x="100" y="112" width="280" height="304" />
      </clipPath>
      <path className="stroke-quiet" d="M24 420 H456" />
      <rect className="gate-beyond" x="100" y="112" width="280" height="306" />
      <g clipPath={`url(#${clip})`}>
        <rect className="gate-leaf gate-leaf-left" x="100" y="116" width="138" height="306" />
        <rect className="gate-leaf gate-leaf-right" x="242" y="116" width="138" height="306" />
      </g>
      <path className="stroke" d="M92 420 V72 a36 36 0 0 1 36 -36 H352 a36 36 0 0 1 36 36 V420" />
      <path className="stroke-thin" d="M92 108 H388" />
      <g className="gate-lamp">
        <circle cx="204" cy="72" r="11" />
        <circle cx="240" cy="72" r="11" />
        <circle cx="276" cy="72" r="11" />
      </g>
      {figure ? (
        <g transform="translate(240 462)">
          <g className={door === 'opening' ? 'walk-through' : 'stand-before'}>
            <Figure walking={door === 'opening'} />
          </g>
        </g>
      ) : null}
    </Picture>
  );
}
