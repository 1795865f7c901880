import type { ConsoleSession, ConsoleUpdate } from '../../../contract/supervisor-console.ts';
import type { SupervisorView } from '../../../contract/supervisor-view.ts';

/** What happened while nobody could look: the console was locked, or the lane or the hub did not answer. */
export interface Missed {
  readonly since: string;
  readonly alarms: number;
  readonly events: number;
}

/** Who had to stop looking at which lane, and what the newest event on the screen was then. */
export interface Away {
  readonly officer: string;
  readonly laneId: string;
  readonly since: string;
  /** Back again since then, by the console's clock in milliseconds; null: still away. */
  readonly backAtMs: number | null;
}

export interface ConsoleState {
  readonly session: ConsoleSession | null;
  readonly connected: boolean;
  /** The lane in front of the officer; gone from memory with the session. */
  readonly lane: SupervisorView | null;
  readonly missed: Missed | null;
  readonly away: Away | null;
}

export const EMPTY_CONSOLE: ConsoleState = { session: null, connected: true, lane: null, missed: null, away: null };

/** A hub that was started again shows what it saw last until the lanes have found it: their news may come a little later. */
export const CATCH_UP_MS = 10_000;

/** Cards have a store of their own. */
export type ConsoleEvent = Exclude<ConsoleUpdate, { type: 'cards' }> | { readonly type: 'missedSeen' };

/** The console after an update. Nothing of a session outlives it: reasons must not stay in a locked console's memory. */
export function nextConsole(state: ConsoleState, event: ConsoleEvent, nowMs: number): ConsoleState {
  switch (event.type) {
    case 'session':
      return withSession(state, event.session, nowMs);
    case 'lane':
      return withLane(state, event.view, nowMs);
    case 'connection':
      return {
        ...state,
        connected: event.connected,
        away: event.connected && state.session?.state === 'signedIn' ? back(state.away, nowMs) : awayFrom(state),
      };
    case 'missedSeen':
      return { ...state, missed: null, away: null };
  }
}

function withSession(state: ConsoleState, session: ConsoleSession, nowMs: number): ConsoleState {
  if (session.state === 'signedIn') {
    const same = state.session?.state === 'signedIn' && state.session.officer === session.officer;
    if (same) return { ...state, session };
    // What one officer missed is nobody else's.
    const away = state.away?.officer === session.officer ? back(state.away, nowMs) : null;
    return { ...state, session, lane: null, away };
  }
  // Who signs out misses nothing; whose session a hub has lost, or a lock hides, does.
  const away = session.state === 'locked' ? awayFrom(state) : caughtUp(state.away, nowMs) ? null : state.away;
  return { ...state, session, lane: null, away, missed: null };
}

function withLane(state: ConsoleState, view: SupervisorView, nowMs: number): ConsoleState {
  const { away } = state;
  if (away === null || away.laneId !== view.laneId) return { ...state, lane: view };
  const isNew = ({ at }: { readonly at: string }): boolean => at > away.since;
  const [alarms, events] = [view.alarms.filter(isNew).length, view.timeline.filter(isNew).length];
  const missed = alarms + events === 0 ? state.missed : { since: away.since, alarms, events };
  return { ...state, lane: view, ...(caughtUp(away, nowMs) ? { away: null } : { missed }) };
}

function caughtUp(away: Away | null, nowMs: number): boolean {
  return away !== null && away.backAtMs !== null && nowMs - away.backAtMs > CATCH_UP_MS;
}

function back(away: Away | null, nowMs: number): Away | null {
  return away === null ? null : { ...away, backAtMs: nowMs };
}

function awayFrom({ session, lane, away }: ConsoleState): Away | null {
  // Whoever has not caught up yet is away since the first time.
  if (lane === null || session?.state !== 'signedIn' || (away !== null && away.backAtMs === null)) return away;
  const newest = lane.timeline.reduce((latest, { at }) => (at > latest ? at : latest), '');
  const since = away?.laneId === lane.laneId ? away.since : newest || lane.stepSince;
  return { officer: session.officer, laneId: lane.laneId, since, backAtMs: null };
}
