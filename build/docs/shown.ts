import { createActor } from 'xstate';
import type { CrossingProduct } from './product.ts';

const BEFORE_THE_END: readonly string[] = [
  'opening',
  'identifying',
  'entering',
  'verifying',
  'asking',
  'committing',
  'leaving',
];
const ENDINGS = ['passed', 'refused', 'referred', 'abandoned', 'voided'] as const;

/**
 * What the traveller reads in a state, asked of the product's own function: one title, or one for each way of ending
 * where it differs. `path`: keys joined by dots, of a state without children.
 */
export function shownIn(path: string, { machine, stepOf, titles }: CrossingProduct): string {
  const keys = path.split('.');
  const endings = BEFORE_THE_END.includes(keys[0] ?? '') ? [null] : ENDINGS;
  const byTitle = new Map<string, string[]>();
  for (const state of endings) {
    const step = stepOf(snapshotAt(keys, state, machine));
    const title = titles[step];
    if (title === undefined) throw new Error(`the traveller's catalogue has no step ${step}`);
    byTitle.set(title, [...(byTitle.get(title) ?? []), state ?? '']);
  }
  if (byTitle.size === 1) return [...byTitle.keys()].map(quoted).join();
  return [...byTitle].map(([title, states]) => `${quoted(title)} (${states.join(', ')})`).join('; ');
}

function snapshotAt(keys: readonly string[], ending: string | null, machine: CrossingProduct['machine']) {
  const [outer = '', inner] = keys;
  // Never started: the actor only lends the machine's first context.
  const { context } = createActor(machine, { input: { topology: 'threeDoor', delays: {} } }).getSnapshot();
  return machine.resolveState({
    value: inner === undefined ? outer : { [outer]: inner },
    context: { ...context, ending: ending === null ? null : { state: ending } },
  });
}

const quoted = (title: string): string => `“${title}”`;
