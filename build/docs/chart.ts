import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

/** One arrow out of a state, in words. */
export interface Arrow {
  /** The event's name, or null for an arrow that is taken at once. */
  readonly event: string | null;
  /** Name of the delay that fires it. */
  readonly delay: string | null;
  readonly guard: string | null;
  /** Path of the state it leads to, or null when the state stays. */
  readonly target: string | null;
  /** Notes the arrow makes, e.g. `willVoid didNotPass`. Empty with no target: the event is ignored on purpose. */
  readonly notes: readonly string[];
}

export interface ChartState {
  /** Keys from the root, joined by dots; empty for the root itself. */
  readonly path: string;
  readonly kind: 'atomic' | 'compound' | 'final';
  readonly parent: string | null;
  readonly initial: string | null;
  readonly onEntry: readonly string[];
  readonly onExit: readonly string[];
  readonly arrows: readonly Arrow[];
}

/** Every state of the machine, the root first, parents before their children, as written. */
export function chartOf(machine: AnyStateMachine): readonly ChartState[] {
  return walk(machine.root);
}

function walk(node: AnyStateNode): readonly ChartState[] {
  const [first] = node.type === 'compound' ? node.initial.target : [];
  const state: ChartState = {
    path: pathOf(node),
    kind: node.type === 'final' ? 'final' : node.type === 'compound' ? 'compound' : 'atomic',
    parent: node.parent === undefined ? null : pathOf(node.parent),
    initial: first === undefined ? null : pathOf(first),
    onEntry: node.entry.flatMap(wordsOf),
    onExit: node.exit.flatMap(wordsOf),
    arrows: [...arrowsOf(node)],
  };
  return [state, ...Object.values(node.states).flatMap((child) => walk(child))];
}

function* arrowsOf(node: AnyStateNode): Generator<Arrow> {
  for (const transition of node.always ?? []) yield arrow(transition, null, null);
  const delays = new Map(node.after.map((delayed) => [delayed.eventType, String(delayed.delay)]));
  for (const [event, transitions] of node.transitions) {
    for (const transition of transitions) {
      const delay = delays.get(event) ?? null;
      yield arrow(transition, delay === null ? event : null, delay);
    }
  }
}

function arrow(transition: AnyTransitionDefinition, event: string | null, delay: string | null): Arrow {
  const [target] = transition.target ?? [];
  return {
    event,
    delay,
    guard: transition.guard === undefined ? null : guardWords(transition.guard),
    target: target === undefined ? null : pathOf(target),
    notes: transition.actions.flatMap(wordsOf),
  };
}

const pathOf = (node: AnyStateNode): string => node.path.join('.');

/** The timers that xstate itself starts and stops on entry and exit are shown as delays, not as actions. */
const TIMER_ACTIONS: ReadonlySet<string> = new Set(['xstate.raise', 'xstate.cancel']);

function wordsOf(action: unknown): readonly string[] {
  if (typeof action === 'string') return [action];
  const type = field(action, 'type');
  if (typeof type !== 'string') throw new Error('an action without a name cannot be documented');
  if (TIMER_ACTIONS.has(type)) return [];
  // An assignment written in place has no name: what it does is in the machine's file.
  if (type === 'xstate.assign') return ['noted'];
  const params = paramWords(field(action, 'params'));
  return [type === 'effect' ? params : `${type} ${params}`.trim()];
}

function paramWords(params: unknown): string {
  if (params === undefined) return '';
  if (typeof params === 'function') return 'of the event';
  if (typeof params === 'object' && params !== null) return Object.values(params).map(String).join(' ');
  return String(params);
}

function guardWords(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (typeof guard === 'function') return compoundGuardWords(guard);
  return `${String(field(guard, 'type'))} ${paramWords(field(guard, 'params'))}`.trim();
}

/** xstate's `and`, `or` and `not` are functions that carry their parts. */
function compoundGuardWords(guard: { readonly name: string }): string {
  const parts = field(guard, 'guards');
  if (!Array.isArray(parts)) throw new Error('a guard without a name cannot be documented');
  const words = parts.map(guardWords);
  return guard.name === 'not' ? `not ${words.join('')}` : words.join(` ${guard.name} `);
}

function field(value: unknown, name: string): unknown {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
    ? Reflect.get(value, name)
    : undefined;
}
