import { fromTransition, initialTransition, transition } from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import type { Topology } from '../../contract/crossing.ts';
import { DEFAULT_CROSSING_DELAYS } from './delays.ts';
import type { CrossingEffect } from './effects.ts';
import type { CrossingFact, Place } from './facts.ts';
import { crossingMachine } from './machine.ts';
import type { CrossingSnapshot } from './step.ts';

// For tests only: walks the machine's whole state space. Beside the machine runs a history of what a guarantee needs
// remembered, so that "only after" and "at most once" become plain questions about one step.

export type Timer = { readonly type: `xstate.after.${string}` };
export type Told = CrossingFact | Timer;

/** What a guarantee must remember of the way here. Counters stop at 2: more than once is wrong however often. */
export interface History {
  readonly cleared: readonly string[];
  readonly commitAsked: boolean;
  readonly committed: boolean;
  readonly releases: number;
  readonly ends: number;
  readonly sentBack: boolean;
}

export interface Walk {
  readonly crossing: CrossingSnapshot;
  readonly history: History;
  /** Of the last step only; no part of where the walk is. */
  readonly effects: readonly CrossingEffect[];
  readonly told: Told | null;
}

export interface Step {
  readonly from: Walk;
  readonly to: Walk;
}

const NOTHING: History = {
  cleared: [],
  commitAsked: false,
  committed: false,
  releases: 0,
  ends: 0,
  sentBack: false,
};

function effectsOf(actions: readonly { readonly type: string; readonly params: unknown }[]): CrossingEffect[] {
  return actions.flatMap(({ type, params }) =>
    type === 'xstate.emit' ? [(params as { readonly event: CrossingEffect }).event] : [],
  );
}

function remember(before: History, from: CrossingSnapshot, told: Told, effects: readonly CrossingEffect[]): History {
  const count = (type: CrossingEffect['type']): number => effects.filter((effect) => effect.type === type).length;
  const clears = told.type === 'answered' && told.word === 'clear' && from.matches('asking') ? [told.side] : [];
  return {
    cleared: [...new Set([...before.cleared, ...clears])].sort(),
    commitAsked: before.commitAsked || count('commit') > 0,
    committed: before.committed || (told.type === 'committed' && from.matches('committing')),
    releases: Math.min(2, before.releases + count('releaseLastDoor')),
    ends: Math.min(2, before.ends + count('endRecord')),
    sentBack: before.sentBack || (told.type === 'officerActed' && told.action === 'sentBack'),
  };
}

/** Where a released traveller stands when their new record begins; null: they come from outside. */
export type ResumesAt = 'chamberA' | 'chamberB' | null;

function startOf(topology: Topology, resumesAt: ResumesAt): Walk {
  const from = resumesAt === null ? {} : { resumesAt };
  const [crossing, actions] = initialTransition(crossingMachine, {
    topology,
    delays: DEFAULT_CROSSING_DELAYS,
    ...from,
  });
  return { crossing, history: NOTHING, effects: effectsOf(actions), told: null };
}

function walkOn(walk: Walk, told: Told): Walk {
  if (walk.crossing.status !== 'active') return walk;
  // A timer of xstate is an event like any other; only its name is not in the machine's own type.
  const [crossing, actions] = transition(crossingMachine, walk.crossing, told as CrossingFact);
  const effects = effectsOf(actions);
  return { crossing, history: remember(walk.history, walk.crossing, told, effects), effects, told };
}

export const walkLogic = (topology: Topology, resumesAt: ResumesAt = null) =>
  fromTransition(walkOn, startOf(topology, resumesAt));

/** The walk after each of these facts. */
export function replay(topology: Topology, facts: readonly Told[], resumesAt: ResumesAt = null): readonly Walk[] {
  let walk = startOf(topology, resumesAt);
  return facts.map((fact) => {
    walk = walkOn(walk, fact);
    return walk;
  });
}

export const doorsOf = (topology: Topology): readonly number[] => (topology === 'threeDoor' ? [1, 2, 3] : [1, 2]);
const DIRECTIONS = ['forward', 'backward'] as const;

/** Every fact, each value that the machine tells apart. Passages are told whether they are possible or not. */
export function factsOf(topology: Topology): readonly CrossingFact[] {
  return [
    { type: 'recordOpened' },
    { type: 'recordRefused', code: 'duplicateDocument' },
    { type: 'identified' },
    { type: 'notIdentified', code: 'notEnrolled', owner: 'exit' },
    { type: 'documentFailed', code: 'documentCheckFailed', owner: 'exit' },
    ...doorsOf(topology).flatMap((door) =>
      DIRECTIONS.flatMap((direction) =>
        [1, 2].map((persons) => ({ type: 'passage' as const, door, direction, persons })),
      ),
    ),
    { type: 'faceMatched' },
    { type: 'faceNotAccepted', code: 'faceNotMatched' },
    ...(['exit', 'entry'] as const).flatMap((side): CrossingFact[] => [
      { type: 'answered', side, word: 'clear' },
      { type: 'answered', side, word: 'refer' },
      { type: 'answered', side, word: 'refuse' },
      { type: 'notAnswered', side, problem: 'noAnswer' },
    ]),
    { type: 'committed' },
    { type: 'commitRefused' },
    { type: 'clearanceExpired' },
    { type: 'recordEnded' },
    { type: 'storeFailed' },
    { type: 'doorFault', door: 1 },
    { type: 'laneControllerLost' },
    { type: 'passageSettled', verdict: 'passed' },
    { type: 'passageSettled', verdict: 'notPassed' },
    { type: 'emergencyReleased' },
    { type: 'moreTimeAsked' },
    { type: 'officerActed', action: 'sentBack' },
    { type: 'officerActed', action: 'handedToManualLane' },
    { type: 'officerActed', action: 'released' },
  ];
}

export const timersOf = ({ crossing }: Walk): readonly Timer[] =>
  crossing._nodes.flatMap((node) => node.after.map(({ eventType }) => ({ type: eventType as Timer['type'] })));

const PLACES: Readonly<Record<Topology, readonly Place[]>> = {
  threeDoor: ['outside', 'chamberA', 'chamberB', 'through'],
  twoDoor: ['outside', 'chamberA', 'through'],
};

/** Bodies go through walls in no lane: somebody passes a door from where they stand. */
export function isPossible(topology: Topology, place: Place, fact: CrossingFact): boolean {
  if (fact.type !== 'passage') return true;
  const at = PLACES[topology].indexOf(place);
  return fact.direction === 'forward' ? at === fact.door - 1 : at === fact.door;
}

/**
 * Two walks with one key behave alike. The answers matter until the commit, afterwards only how the record ends; of an ending
 * the code is for people.
 */
export function keyOf({ crossing, history }: Walk): string {
  const { place, answers, ending, trouble, unwritten, unrecorded, extensions, joined } = crossing.context;
  const { cleared, ...counted } = history;
  const undecided = UNDECIDED.some((state) => crossing.matches(state)) ? [answers, cleared] : [];
  return JSON.stringify([
    crossing.value,
    place,
    ending?.state,
    // Afterwards it is the ending.
    crossing.matches('opening') ? trouble?.state : null,
    unwritten,
    unrecorded,
    extensions,
    joined,
    counted,
    undecided,
  ]);
}
const UNDECIDED = ['asking', 'committing'] as const;

export interface Space {
  readonly walks: readonly Walk[];
  readonly steps: readonly Step[];
}

export function explore(topology: Topology, possibleOnly: boolean, resumesAt: ResumesAt = null): Space {
  const facts = factsOf(topology);
  const map = getAdjacencyMap(walkLogic(topology, resumesAt), {
    events: ({ context: walk }) => [
      ...facts.filter((fact) => !possibleOnly || isPossible(topology, walk.crossing.context.place, fact)),
      ...timersOf(walk),
    ],
    serializeState: ({ context }) => keyOf(context),
    stopWhen: ({ context }) => context.crossing.status !== 'active',
  });
  const reached = Object.values(map);
  return {
    walks: reached.map(({ state }) => state.context),
    steps: reached.flatMap(({ state, transitions }) =>
      Object.values(transitions as Record<string, { readonly state: typeof state }>).map((edge) => ({
        from: state.context,
        to: edge.state.context,
      })),
    ),
  };
}

export const stepsWith = ({ steps }: Space, type: CrossingEffect['type']): readonly Step[] =>
  steps.filter(({ to }) => to.effects.some((effect) => effect.type === type));

/** Short enough to be read when an expectation fails. */
const wordsOf = ({ from, to }: Step): string =>
  `${JSON.stringify(from.crossing.value)} at ${from.crossing.context.place}, told ${JSON.stringify(to.told)}`;
export const violations = (steps: readonly Step[], holds: (step: Step) => boolean): string[] =>
  steps
    .filter((step) => !holds(step))
    .slice(0, 5)
    .map(wordsOf);

export const openings = ({ effects }: Walk, door: number, direction: 'forward' | 'backward'): boolean =>
  effects.some((effect) => effect.type === 'openDoor' && effect.door === door && effect.direction === direction);
