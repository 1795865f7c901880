const MEANINGS = [
  ['progress', 'in progress'],
  ['go', 'go'],
  ['attention', 'attention'],
  ['stop', 'stop'],
  ['exit', 'exit side'],
  ['entry', 'entry side'],
] as const;
const SIZES = [
  ['0.75rem', 'keys, codes'],
  ['0.8125rem', 'secondary'],
  ['0.875rem', 'console text'],
  ['1.125rem', 'step'],
  ['1.5rem', 'title'],
  ['1.75rem', 'figure'],
] as const;

/** Colours by meaning, and type by size. */
export function Palette() {
  return (
    <div className="kit-row">
      <ul className="kit-colours">
        {MEANINGS.map(([name, meaning]) => (
          <li key={name}>
            <span className="kit-solid" style={{ background: `var(--${name})` }}>
              {meaning}
            </span>
            <span className="kit-soft" style={{ background: `var(--${name}-soft)`, color: `var(--${name})` }}>
              {meaning}
            </span>
          </li>
        ))}
      </ul>
      <ul className="kit-type">
        {SIZES.map(([size, use]) => (
          <li key={size} style={{ fontSize: size }}>
            {use} 0123456789 內地 → 澳门
          </li>
        ))}
        <li className="mono">{'L898902C36UTO7408122F1204159ZE184226B<<<<<10'}</li>
      </ul>
    </div>
  );
}
