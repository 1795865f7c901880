/** A person seen from the front or back, feet at 0,0, about 250 units tall. Legs and arms swing when `walking`. */
export function Figure({ walking }: { walking: boolean }) {
  return (
    <g className={walking ? 'figure figure-walking' : 'figure'}>
      <g className="figure-leg figure-leg-left">
        <path d="M-19 -112 V-13" />
      </g>
      <g className="figure-leg figure-leg-right">
        <path d="M19 -112 V-13" />
      </g>
      <g className="figure-arm figure-arm-left">
        <path d="M-44 -160 V-92" />
      </g>
      <g className="figure-arm figure-arm-right">
        <path d="M44 -160 V-92" />
      </g>
      <path className="figure-body" d="M-32 -162 a14 14 0 0 1 14 -14 h36 a14 14 0 0 1 14 14 v62 h-64 z" />
      <circle className="figure-head" cx="0" cy="-217" r="29" />
    </g>
  );
}
