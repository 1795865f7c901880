import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { DiagnosticsAction } from '../../app/contract/diagnostics-actions.ts';
import { type DiagnosticsView, diagnosticsViewSchema, type Workbench } from '../../app/contract/diagnostics-view.ts';
import { err, ok } from '../../app/contract/result.ts';
import { CAST } from '../../app/demo/cast.ts';
import type { HeadlessLane } from '../../app/demo/headless-lane.ts';
import type { TechnicianAccounts } from '../../app/lane/diagnostics/sign-in.ts';
import { type LaneStage, openStage } from './lane-stage.ts';

export const PIN = '730461';

/** Accounts with one technician and one officer; the real ones hash for half a second and are tested in their own room. */
export function accounts(): TechnicianAccounts {
  const open = new Set<string>();
  return {
    signIn: async (officer, pin) => {
      if (pin !== PIN) return err({ code: 'credentialsWrong', waitSeconds: null });
      const token = `token-${officer}`;
      open.add(token);
      const role = officer.startsWith('TECH') ? 'technician' : 'exitOfficer';
      return ok({
        officer,
        role,
        authority: role === 'technician' ? null : 'CHN',
        pinSetAt: '2026-01-01T00:00:00.000Z',
        token,
      });
    },
    signOut: (token) => void open.delete(token),
    state: (token) => (open.has(token) ? 'signedIn' : 'ended'),
    session: async (token) =>
      open.has(token)
        ? ok({ officer: token.slice(6), role: 'technician', authority: null, pinSetAt: '2026-01-01T00:00:00.000Z' })
        : err({ code: 'sessionEnded', waitSeconds: null }),
  };
}

export interface Bench extends LaneStage {
  act(action: DiagnosticsAction): void;
  until(holds: (view: DiagnosticsView) => boolean): Promise<DiagnosticsView>;
  inside(): Promise<void>;
  /** A door's test is asked for and confirmed; the door stands open. */
  openTestedDoor(door: number): Promise<void>;
  workbench(): Workbench;
  events(): readonly string[];
}

export async function openBench(stage?: LaneStage): Promise<Bench> {
  const opened = stage ?? (await openStage({ topology: 'threeDoor' }));
  const { lane, world, folder } = opened;
  const { diagnostics } = lane.opened;
  diagnostics.attach(accounts());
  const act = (action: DiagnosticsAction): void => void diagnostics.receive(action);
  const until: Bench['until'] = async (holds) => {
    await lane.waitFor(() => lane.diagnostics !== null && holds(lane.diagnostics), 20_000);
    if (lane.diagnostics === null) throw new Error('no view');
    return diagnosticsViewSchema.parse(lane.diagnostics);
  };
  return {
    ...opened,
    act,
    until,
    openTestedDoor: async (door) => {
      act({ type: 'askDoorTest', door });
      const asked = await until(({ workbench }) => workbench?.running?.waitsFor === 'confirmation');
      act({ type: 'confirmDoorTest', door, question: asked.workbench?.running?.question ?? 0 });
      if (!(await world.doors.doorOpen(door, 'forward', 5_000))) throw new Error(`door ${door} did not open`);
    },
    inside: async () => {
      act({ type: 'signIn', officer: 'TECH1', pin: PIN, newPin: null });
      await until(({ technician }) => technician === 'TECH1');
      act({ type: 'enter' });
      await until(({ mode }) => mode === 'inside');
    },
    workbench: () => {
      const workbench = lane.diagnostics?.workbench ?? null;
      if (workbench === null) throw new Error('nobody is signed in');
      return workbench;
    },
    events: () => {
      const database = new Database(join(folder, 'data/record.sqlite'), { readonly: true });
      try {
        return database
          .prepare<[], { type: string; payload: string }>('SELECT type, payload FROM journal ORDER BY seq')
          .all()
          .map(({ type, payload }) => (JSON.parse(payload) as { event?: string }).event ?? type);
      } finally {
        database.close();
      }
    },
  };
}

export const served = (lane: HeadlessLane): Promise<void> =>
  lane.waitFor(({ traveller }) => traveller?.step === 'attract');

/** Everything of the cast that must not be found: names, numbers, dates of birth, printed lines. */
export function searched(text: string): string[] {
  const traces = CAST.flatMap(({ lines, documents, id }) => [
    ...lines,
    ...lines.map((line) => line.slice(0, 14)),
    ...(documents === null
      ? []
      : [documents.exit.number, documents.exit.birthDate, documents.exit.name, ...documents.exit.name.split(' ')]),
    `travel-${id}`,
  ]);
  const found = traces.filter((trace) => trace.length > 3 && text.includes(trace));
  return [...found, ...(/[A-Z0-9<]{20,}/.exec(text) ?? [])];
}
