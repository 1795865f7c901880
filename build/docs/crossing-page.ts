import { type Arrow, type ChartState, chartOf } from './chart.ts';
import { mermaidOf } from './mermaid.ts';
import type { CrossingProduct } from './product.ts';
import { shownIn } from './shown.ts';

/** `docs/crossing.md`: the crossing as the machine has it. */
export function crossingPage(product: CrossingProduct): string {
  const chart = chartOf(product.machine);
  const root = chart.filter(({ parent }) => parent === null);
  const states = chart.filter(({ parent }) => parent !== null);
  return [
    '# The crossing',
    '',
    'Written by `node build/docs/crossing-diagram.ts` from `app/domain/crossing/machine.ts`; a test fails when it is stale.',
    'One traveller, from an accepted document to an empty lane. Doors are numbered in the order they are met: two or three.',
    '',
    '## Diagram',
    '',
    '```mermaid',
    mermaidOf(chart),
    '```',
    '',
    '## In every state, unless the state itself says otherwise',
    '',
    ...root.flatMap(({ arrows }) => arrows.map((arrow) => `- ${arrowWords(arrow, product)}`)),
    '',
    '## States',
    '',
    '| State | The traveller sees | On entry | On exit | Events and delays |',
    '| --- | --- | --- | --- | --- |',
    ...states.map((state) => row(state, product)),
    '',
    '## Delays',
    '',
    '| Delay | Default, ms |',
    '| --- | ---: |',
    ...Object.entries(product.delays).map(([name, ms]) => `| \`${name}\` | ${ms} |`),
    '',
  ].join('\n');
}

function row(state: ChartState, product: CrossingProduct): string {
  const cells = [
    `**${state.path}**`,
    state.kind !== 'atomic' ? '' : shownIn(state.path, product),
    state.onEntry.join(', '),
    state.onExit.join(', '),
    state.kind === 'final' ? 'the end' : state.arrows.map((arrow) => arrowWords(arrow, product)).join('<br>'),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function arrowWords({ event, delay, guard, target, notes }: Arrow, { delays }: CrossingProduct): string {
  const cause =
    event !== null ? `\`${event}\`` : delay !== null ? `after \`${delay}\` (${delays[delay]} ms)` : 'at once';
  const condition = guard === null ? '' : ` if ${guard}`;
  if (target === null && notes.length === 0) return `${cause}${condition}: ignored`;
  const leads = target === null ? '' : ` → **${target}**`;
  return `${cause}${condition}${leads}${notes.length === 0 ? '' : `: ${notes.join(', ')}`}`;
}
