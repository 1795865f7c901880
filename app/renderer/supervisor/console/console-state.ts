import type { ConsoleSession, ConsoleUpdate } from '../../../contract/supervisor-console.ts';
import type { SupervisorView } from '../../../contract/supervisor-view.ts';

/** What happened while nobody could look: the console was locked, or the lane did not answer. */
export interface Missed {
  readonly since: string;
  readonly alarms: number;
  readonly events: number;
}

export interface ConsoleState {
  readonly session: ConsoleSession | null;
  readonly connected: boolean;
  /** The lane in front of the officer; gone from memory with the session. */
  readonly lane: SupervisorView | null;
  readonly missed: Missed | null;
  /** The newest event that was on the screen when the looking stopped. */
  readonly awaySince: string | null;
}

export const EMPTY_CONSOLE: ConsoleState = {
  session: null,
  connected: true,
  lane: null,
  missed: null,
  awaySince: null,
};

/** Cards have a store of their own. */
export type ConsoleEvent = Exclude<ConsoleUpdate, { type: 'cards' }> | { readonly type: 'missedSeen' };

/** The console after an update. Nothing of a session outlives it: reasons must not stay in a locked console's memory. */
export function nextConsole(state: ConsoleState, event: ConsoleEvent): ConsoleState {
  switch (event.type) {
    case 'session':
      return withSession(state, event.session);
    case 'lane':
      return withLane(state, event.view);
    case 'connection':
      return { ...state, connected: event.connected, awaySince: event.connected ? state.awaySince : awayFrom(state) };
    case 'missedSeen':
      return { ...state, missed: null };
  }
}

function withSession(state: ConsoleState, session: ConsoleSession): ConsoleState {
  if (session.state === 'signedIn') {
    const same = state.session?.state === 'signedIn' && state.session.officer === session.officer;
    return same ? { ...state, session } : { ...state, session, lane: null };
  }
  // Somebody else may sign in next: what they missed is nobody's.
  const awaySince = session.state === 'locked' ? awayFrom(state) : null;
  return { ...state, session, lane: null, awaySince, missed: null };
}

function withLane(state: ConsoleState, view: SupervisorView): ConsoleState {
  if (state.awaySince === null) return { ...state, lane: view };
  const since = state.awaySince;
  const isNew = ({ at }: { readonly at: string }): boolean => at > since;
  const [alarms, events] = [view.alarms.filter(isNew).length, view.timeline.filter(isNew).length];
  const missed = alarms + events === 0 ? state.missed : { since, alarms, events };
  return { ...state, lane: view, awaySince: null, missed };
}

function awayFrom({ lane, awaySince }: ConsoleState): string | null {
  if (awaySince !== null || lane === null) return awaySince;
  return lane.timeline.reduce((newest, { at }) => (at > newest ? at : newest), '');
}
