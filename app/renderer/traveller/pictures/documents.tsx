/** The kinds of document a lane reads, drawn around 0,0 as they lie on the reader. One stroke style, no state's emblem. */

function Portrait({ x, y }: { x: number; y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect className="document-portrait" x="0" y="0" width="62" height="78" rx="6" />
      <circle className="document-person" cx="31" cy="30" r="13" />
      <path className="document-person" d="M9 74 a22 22 0 0 1 44 0 z" />
    </g>
  );
}

function Row({ x, y, width }: { x: number; y: number; width: number }) {
  return <path className="document-row" d={`M${x} ${y} h${width}`} />;
}

function MachineRow({ x, y, width }: { x: number; y: number; width: number }) {
  return <path className="document-machine-row" d={`M${x} ${y} h${width}`} />;
}

/** Identity card: portrait, three rows, three machine-readable lines. */
export function CardDocument() {
  return (
    <g>
      <rect className="document-sheet" x="-130" y="-84" width="260" height="168" rx="16" />
      <Portrait x={-112} y={-66} />
      <Row x={-32} y={-56} width={112} />
      <Row x={-32} y={-32} width={140} />
      <Row x={-32} y={-8} width={84} />
      <MachineRow x={-112} y={32} width={224} />
      <MachineRow x={-112} y={48} width={224} />
      <MachineRow x={-112} y={64} width={224} />
    </g>
  );
}

/** Passport, open at the page with the portrait. */
export function PassportDocument() {
  return (
    <g>
      <rect className="document-sheet" x="-130" y="-172" width="260" height="172" rx="12" />
      <Row x={-84} y={-112} width={168} />
      <Row x={-84} y={-84} width={168} />
      <Row x={-84} y={-56} width={112} />
      <rect className="document-sheet" x="-130" y="-2" width="260" height="172" rx="12" />
      <Portrait x={-112} y={14} />
      <Row x={-32} y={26} width={112} />
      <Row x={-32} y={50} width={140} />
      <Row x={-32} y={74} width={84} />
      <MachineRow x={-112} y={124} width={224} />
      <MachineRow x={-112} y={144} width={224} />
    </g>
  );
}

/** Permit card: a chip and one machine-readable line. */
export function PermitDocument() {
  return (
    <g>
      <rect className="document-sheet" x="-130" y="-84" width="260" height="168" rx="16" />
      <rect className="document-chip" x="-108" y="-58" width="56" height="44" rx="8" />
      <path className="document-chip" d="M-108 -36 h56 M-80 -58 v44" />
      <Row x={-32} y={-52} width={132} />
      <Row x={-32} y={-26} width={96} />
      <Row x={-108} y={14} width={160} />
      <MachineRow x={-112} y={58} width={224} />
    </g>
  );
}
