interface TwoSidesProps {
  readonly from: string;
  readonly to: string;
  readonly lane: string;
}

/** The two sides and the one line between them, through the lane. A light travels along it. The sign of the joint lane. */
export function TwoSides({ from, to, lane }: TwoSidesProps) {
  return (
    <div className="two-sides">
      <span className="two-sides-place two-sides-exit">{from}</span>
      <span className="two-sides-line">
        <span className="two-sides-dot two-sides-start" />
        <span className="two-sides-track">
          <span className="two-sides-light" />
        </span>
        <span className="two-sides-dot two-sides-end" />
        <span className="two-sides-lane">{lane}</span>
      </span>
      <span className="two-sides-place two-sides-entry">{to}</span>
    </div>
  );
}
