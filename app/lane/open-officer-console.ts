import { join } from 'node:path';
import { AUDIT_EVENTS } from '../contract/audit-events.ts';
import type { Direction } from '../contract/crossing.ts';
import { isOfControl } from '../contract/officer-account.ts';
import { ok, type Result } from '../contract/result.ts';
import type { ConsoleUpdate } from '../contract/supervisor-console.ts';
import type { Viewer } from '../contract/supervisor-view.ts';
import { Officers } from '../officers/officers.ts';
import { type Accounts, openLaneAccounts } from '../officers/open-accounts.ts';
import { SESSION_POLICY } from '../officers/sessions.ts';
import { SqliteSearch } from '../record/search/sqlite-search.ts';
import { type Clock, systemClock } from './clock.ts';
import { type OpenLaneError, openLaneKeys } from './lane-keys.ts';
import type { LaneProfile } from './lane-profile.ts';
import { OfficerConsole } from './officer-console.ts';
import { ConsoleQueries } from './officer-queries.ts';
import type { OpenedLane } from './open-lane.ts';

export interface OpenedConsole {
  readonly console: OfficerConsole;
  readonly officers: Officers;
  close(): Promise<void>;
}

export interface ConsoleSettings {
  /** Only the demonstration's own lane is started with it (docs/decisions/0006). */
  readonly lookAs: boolean;
  readonly send: (update: ConsoleUpdate) => void;
  readonly clock?: Clock;
}

/** How often changes that administrators made by command line are passed on to the journal. */
const PASS_ON_MS = 30_000;

/** Accounts, session and searches of a lane of its own, behind one console. */
export function openOfficerConsole(
  profile: LaneProfile,
  { lane, diary, record }: Pick<OpenedLane, 'lane' | 'diary' | 'record'>,
  { lookAs, send, clock = systemClock }: ConsoleSettings,
): Result<OpenedConsole, OpenLaneError> {
  const accounts = openLaneAccounts(profile.dataFolder);
  if (!accounts.ok) return accounts;
  const keys = openLaneKeys(profile.dataFolder);
  if (!keys.ok) return keys;
  const { store, hasher } = accounts.value;
  const { idleLockSeconds } = profile.officers;
  const officers = new Officers({
    store,
    hasher,
    clock,
    note: (event, facts) => void diary.note(event, { facts }),
    policy: { ...SESSION_POLICY, idleLockMs: idleLockSeconds * 1000 },
  });
  const search = new SqliteSearch(join(profile.dataFolder, 'record.sqlite'), profile.laneId);
  const officerConsole = new OfficerConsole({
    laneId: profile.laneId,
    direction: profile.direction,
    officers,
    actions: lane.officers,
    queries: new ConsoleQueries({
      search,
      portKey: keys.value.portKey,
      note: (event, facts) => void diary.note(event, { facts }),
    }),
    clock,
    lookAs: lookAs ? (viewer) => firstAccount(accounts.value, profile.direction, viewer) : null,
    send,
  });
  let stopPassing = (): void => undefined;
  const passOn = (): void => {
    void officers
      .passOnPending(async (event, facts) => {
        const { owner } = AUDIT_EVENTS[event];
        return (await record.audit({ event, recordId: null, owner, facts })).ok;
      })
      .then(() => {
        stopPassing = clock.after(PASS_ON_MS, passOn);
      });
  };
  passOn();
  lane.changed();
  return ok({
    console: officerConsole,
    officers,
    close: async () => {
      stopPassing();
      officerConsole.close();
      await search.close();
      await officers.close();
    },
  });
}

/** The first open account that looks at this lane so: of the viewer's authority, or the port's supervisor. */
async function firstAccount({ store }: Accounts, { from, to }: Direction, viewer: Viewer) {
  const accounts = await store.list();
  const authority = viewer === 'exitOfficer' ? from : viewer === 'entryOfficer' ? to : null;
  const account = accounts.ok
    ? accounts.value.find(
        (it) =>
          !it.closed && (authority === null ? it.role === viewer : isOfControl(it.role) && it.authority === authority),
      )
    : undefined;
  if (account === undefined) return null;
  const { number, role, pinSetAt } = account;
  return { officer: number, role, authority: account.authority, pinSetAt };
}
