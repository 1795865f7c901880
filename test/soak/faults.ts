import type { Control } from '../../app/controls/control.ts';
import type { Scenario } from '../../app/demo/scenarios.ts';
import { scenarioCalled } from '../../app/demo/scenarios.ts';

/** What happens at a crossing: a story of the demonstration, or something at the wires before an ordinary one. */
export type Incident = 'none' | 'garbage' | 'scannerUnplugged' | 'doorsUnplugged';

export interface Turn {
  readonly scenario: Scenario;
  readonly incident: Incident;
}

/** In a hundred crossings: so many of each, spread by a fixed rule, so that two runs have the same travellers. */
const STORIES: Readonly<Record<string, number>> = {
  'exit-refuses': 4,
  'entry-refuses': 4,
  watchlist: 3,
  expired: 3,
  tailgating: 2,
  'control-timeout': 2,
  'walks-back': 1,
};
const INCIDENTS: Readonly<Record<Exclude<Incident, 'none'>, number>> = {
  garbage: 3,
  scannerUnplugged: 2,
  doorsUnplugged: 1,
};

const PLAN: readonly Turn[] = plan();

/** The nth crossing from 0. */
export function turnAt(n: number): Turn {
  const turn = PLAN[n % PLAN.length];
  if (turn === undefined) throw new Error('the plan is empty');
  return turn;
}

function plan(): readonly Turn[] {
  const story = (name: string): Scenario => {
    const scenario = scenarioCalled(name);
    if (scenario === null) throw new Error(`there is no scenario ${name}`);
    return scenario;
  };
  const clear = story('clear');
  const turns: Turn[] = Array.from({ length: 100 }, () => ({ scenario: clear, incident: 'none' }));
  const special: Turn[] = [
    ...Object.entries(STORIES).flatMap(([name, count]) => repeated({ scenario: story(name), incident: 'none' }, count)),
    ...Object.entries(INCIDENTS).flatMap(([name, count]) =>
      repeated({ scenario: clear, incident: name as Incident }, count),
    ),
  ];
  // 37 and 100 have no common divisor: each special turn lands on a place of its own, far from its like.
  for (const [index, turn] of special.entries()) turns[(index * 37 + 11) % 100] = turn;
  return turns;
}

function repeated(turn: Turn, count: number): Turn[] {
  return Array.from({ length: count }, () => turn);
}

/** An entry control that is reached and says nothing while the switch is on: a network that swallows packets. */
export class SilentSwitch {
  on = false;

  around(control: Control): Control {
    const prepare: Control['prepare'] = (request, signal) =>
      this.on ? silence(control, signal) : control.prepare(request, signal);
    return new Proxy(control, {
      get: (target, name) => {
        const value: unknown = name === 'prepare' ? prepare : Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}

function silence({ side }: Control, signal: AbortSignal): ReturnType<Control['prepare']> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () =>
      resolve({ ok: false, error: { code: 'controlUnreachable', side, detail: 'silent' } }),
    );
  });
}
