/** The two sides and the one line between them, which a light travels along. The sign of the joint lane. */
export function TwoSides({ from, to }: { from: string; to: string }) {
  return (
    <div className="two-sides">
      <span className="two-sides-place two-sides-exit">{from}</span>
      <span className="two-sides-line" aria-hidden="true">
        <span className="two-sides-dot two-sides-start" />
        <span className="two-sides-track">
          <span className="two-sides-light" />
        </span>
        <span className="two-sides-dot two-sides-end" />
      </span>
      <span className="two-sides-place two-sides-entry">{to}</span>
    </div>
  );
}
