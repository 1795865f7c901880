import { describe, expect, it } from 'vitest';
import type { ConsoleSession } from '../../../contract/supervisor-console.ts';
import type { SupervisorView } from '../../../contract/supervisor-view.ts';
import { CATCH_UP_MS, type ConsoleEvent, type ConsoleState, EMPTY_CONSOLE, nextConsole } from './console-state.ts';

const session: ConsoleSession = {
  state: 'signedIn',
  officer: 'E1001',
  role: 'exitOfficer',
  authority: 'CHN',
  may: [],
  idleLockSeconds: 300,
  mayLookAs: false,
};
const locked: ConsoleSession = { state: 'locked', officer: 'E1001', role: 'exitOfficer', authority: 'CHN' };
const at = (minute: number) => `2026-05-08T02:${String(minute).padStart(2, '0')}:00Z`;
const view = (...minutes: number[]) =>
  ({
    laneId: 'L07',
    stepSince: at(0),
    alarms: minutes.map((minute) => ({ id: minute, at: at(minute) })),
    timeline: minutes.map((minute) => ({ at: at(minute), event: 'deviceLost' })),
  }) as unknown as SupervisorView;

const signedIn = [
  { type: 'session', session },
  { type: 'lane', view: view(1, 2) },
] as const;
const told = (state: ConsoleState, event: ConsoleEvent, nowMs = 0) => nextConsole(state, event, nowMs);
const following = (...events: ConsoleEvent[]) =>
  [...signedIn, ...events].reduce((state, event) => told(state, event), EMPTY_CONSOLE);
const signedOut: ConsoleEvent = {
  type: 'session',
  session: { state: 'signedOut', noOfficers: false, ended: null, mayLookAs: false },
};

describe('the console', () => {
  it('forgets the lane with the session', () => {
    const state = following({ type: 'session', session: locked });
    expect(state.lane).toBeNull();
  });

  it('says since when also of a lane of which nothing had been told', () => {
    const gone = following({ type: 'lane', view: view() }, { type: 'session', session: locked });
    const back = told(told(gone, { type: 'session', session }), { type: 'lane', view: view(3) });
    expect(back.missed).toEqual({ since: at(0), alarms: 1, events: 1 });
  });

  it('says what happened while it was locked', () => {
    const state = following(
      { type: 'session', session: locked },
      { type: 'session', session },
      { type: 'lane', view: view(1, 2, 7, 8) },
    );
    expect(state.missed).toEqual({ since: at(2), alarms: 2, events: 2 });
    expect(told(state, { type: 'missedSeen' }).missed).toBeNull();
  });

  it('says what happened while the lane did not answer, and nothing when nothing did', () => {
    const gone = [
      { type: 'connection', connected: false },
      { type: 'connection', connected: true },
    ] as const;
    expect(following(...gone, { type: 'lane', view: view(1, 2, 9) }).missed).toEqual({
      since: at(2),
      alarms: 1,
      events: 1,
    });
    expect(following(...gone, { type: 'lane', view: view(1, 2) }).missed).toBeNull();
    expect(following(gone[0]).connected).toBe(false);
  });

  it('says it to an officer whose session the hub has lost, and who signs in again', () => {
    const restarted = following(
      { type: 'connection', connected: false },
      { type: 'connection', connected: true },
      signedOut,
      { type: 'session', session },
    );
    expect(restarted.away?.laneId).toBe('L07');
    // The hub has the old view first; the lane's own comes when it has found the hub again.
    const old = told(restarted, { type: 'lane', view: view(1, 2) }, 10);
    expect(old.missed).toBeNull();
    const fresh = told(old, { type: 'lane', view: view(1, 2, 5) }, CATCH_UP_MS);
    expect(fresh.missed).toEqual({ since: at(2), alarms: 1, events: 1 });
    // What happens later is watched, not missed.
    expect(told(fresh, { type: 'lane', view: view(1, 2, 5, 6) }, CATCH_UP_MS + 1).missed).toEqual(fresh.missed);
    expect(told(old, { type: 'lane', view: view(1, 2, 6) }, CATCH_UP_MS + 1).missed).toBeNull();
  });

  it('has nothing to say to an officer who signed out and in again', () => {
    const state = following(signedOut, { type: 'session', session }, { type: 'lane', view: view(1, 2, 9) });
    expect(state.missed).toBeNull();
  });

  it('tells the next officer nothing of what the last one missed', () => {
    for (const before of [[], [{ type: 'connection', connected: false }]] as ConsoleEvent[][]) {
      const state = following(
        ...before,
        signedOut,
        { type: 'session', session: { ...session, officer: 'E1002' } },
        { type: 'lane', view: view(1, 2, 9) },
      );
      expect(state.missed).toBeNull();
      expect(state.away).toBeNull();
    }
  });
});
