import { describe, expect, it } from 'vitest';
import type { ConsoleSession } from '../../../contract/supervisor-console.ts';
import type { SupervisorView } from '../../../contract/supervisor-view.ts';
import { EMPTY_CONSOLE, nextConsole } from './console-state.ts';

const session: ConsoleSession = {
  state: 'signedIn',
  officer: 'E1001',
  role: 'exitOfficer',
  viewer: 'exitOfficer',
  may: [],
  idleLockSeconds: 300,
  mayLookAs: false,
};
const locked: ConsoleSession = { state: 'locked', officer: 'E1001', role: 'exitOfficer' };
const at = (minute: number) => `2026-05-08T02:${String(minute).padStart(2, '0')}:00Z`;
const view = (...minutes: number[]) =>
  ({
    laneId: 'L07',
    alarms: minutes.map((minute) => ({ id: minute, at: at(minute) })),
    timeline: minutes.map((minute) => ({ at: at(minute), event: 'deviceLost' })),
  }) as unknown as SupervisorView;

const signedIn = [
  { type: 'session', session },
  { type: 'lane', view: view(1, 2) },
] as const;
const following = (...events: Parameters<typeof nextConsole>[1][]) =>
  [...signedIn, ...events].reduce(nextConsole, EMPTY_CONSOLE);

describe('the console', () => {
  it('forgets the lane with the session', () => {
    const state = following({ type: 'session', session: locked });
    expect(state.lane).toBeNull();
  });

  it('says what happened while it was locked', () => {
    const state = following(
      { type: 'session', session: locked },
      { type: 'session', session },
      { type: 'lane', view: view(1, 2, 7, 8) },
    );
    expect(state.missed).toEqual({ since: at(2), alarms: 2, events: 2 });
    expect(nextConsole(state, { type: 'missedSeen' }).missed).toBeNull();
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

  it('tells the next officer nothing of what the last one missed', () => {
    const state = following({
      type: 'session',
      session: { state: 'signedOut', noOfficers: false, ended: null, mayLookAs: false },
    });
    const next = [
      { type: 'session' as const, session: { ...session, officer: 'E1002' } },
      { type: 'lane' as const, view: view(1, 2, 9) },
    ].reduce(nextConsole, state);
    expect(next.missed).toBeNull();
  });
});
