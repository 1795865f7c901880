import type { Arrow, ChartState } from './chart.ts';

/** The chart as a Mermaid state diagram. The root's arrows are left to the page: they would cross every other one. */
export function mermaidOf(chart: readonly ChartState[]): string {
  const lines = ['stateDiagram-v2'];
  const root = chart.find(({ parent }) => parent === null);
  if (root?.initial != null) lines.push(`  [*] --> ${idOf(root.initial)}`);
  for (const state of chart.filter(({ parent }) => parent === '')) lines.push(...stateLines(state, chart));
  for (const state of chart.filter(({ parent }) => parent !== null)) lines.push(...arrowLines(state));
  return lines.join('\n');
}

function stateLines(state: ChartState, chart: readonly ChartState[]): readonly string[] {
  if (state.kind === 'final') return [`  ${idOf(state.path)} --> [*]`];
  if (state.kind === 'atomic') return [];
  const inside = chart.filter(({ parent }) => parent === state.path).map(({ path }) => `    ${idOf(path)}`);
  const first = state.initial === null ? [] : [`    [*] --> ${idOf(state.initial)}`];
  return [`  state ${idOf(state.path)} {`, ...first, ...inside, '  }'];
}

/** All that lead from one state to one other share an arrow. */
function arrowLines({ path, arrows }: ChartState): readonly string[] {
  const byTarget = new Map<string, string[]>();
  for (const arrow of arrows) {
    if (arrow.target === null) continue;
    const words = byTarget.get(arrow.target) ?? [];
    if (!words.includes(label(arrow))) words.push(label(arrow));
    byTarget.set(arrow.target, words);
  }
  return [...byTarget].map(([target, words]) => `  ${idOf(path)} --> ${idOf(target)} : ${words.join(', ')}`);
}

function label({ event, delay, guard }: Arrow): string {
  const cause = delay === null ? event : `after ${delay}`;
  const words = [cause, guard === null ? null : `[${guard}]`].filter((word) => word !== null).join(' ');
  return words === '' ? 'otherwise' : words;
}

/** Mermaid takes no dots in names; the last key alone tells the machine's states apart. */
const idOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
