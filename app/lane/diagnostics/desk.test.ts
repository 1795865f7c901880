import { readFileSync, writeFileSync as write } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { unzipSync } from 'fflate';
import { describe, expect, test, vi } from 'vitest';
import { allDoorsShut, type LaneStage, openStage } from '../../../test/integration/lane-stage.ts';
import type { DiagnosticsAction } from '../../contract/diagnostics-actions.ts';
import { type DiagnosticsView, diagnosticsViewSchema, type Workbench } from '../../contract/diagnostics-view.ts';
import { err, ok } from '../../contract/result.ts';
import { CAST, castMember } from '../../demo/cast.ts';
import { HeadlessLane } from '../../demo/headless-lane.ts';
import type { TechnicianAccounts } from './sign-in.ts';

const PIN = '730461';

/** Accounts with one technician and one officer; the real ones hash for half a second and are tested in their own room. */
function accounts(): TechnicianAccounts {
  const open = new Set<string>();
  return {
    signIn: async (officer, pin) => {
      if (pin !== PIN) return err({ code: 'credentialsWrong', waitSeconds: null });
      const token = `token-${officer}`;
      open.add(token);
      const role = officer.startsWith('TECH') ? 'technician' : 'exitOfficer';
      return ok({ officer, role, pinSetAt: '2026-01-01T00:00:00.000Z', token });
    },
    signOut: (token) => void open.delete(token),
    state: (token) => (open.has(token) ? 'signedIn' : 'ended'),
    session: async (token) =>
      open.has(token)
        ? ok({ officer: token.slice(6), role: 'technician', pinSetAt: '2026-01-01T00:00:00.000Z' })
        : err({ code: 'sessionEnded', waitSeconds: null }),
  };
}

interface Bench extends LaneStage {
  act(action: DiagnosticsAction): void;
  until(holds: (view: DiagnosticsView) => boolean): Promise<DiagnosticsView>;
  inside(): Promise<void>;
  workbench(): Workbench;
  events(): readonly string[];
}

async function openBench(stage?: LaneStage): Promise<Bench> {
  const opened = stage ?? (await openStage({ topology: 'threeDoor' }));
  const { lane, folder } = opened;
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

const served = (lane: HeadlessLane): Promise<void> => lane.waitFor(({ traveller }) => traveller?.step === 'attract');

describe('taking the lane and giving it back', () => {
  test('only a technician gets in; the lane closes, and opens again when everything is ready', async () => {
    const { lane, act, until, inside, events, nextIsServed } = await openBench();
    await served(lane);
    act({ type: 'enter' });
    act({ type: 'signIn', officer: 'TECH1', pin: '111111', newPin: null });
    await until(({ signIn }) => signIn.problem === 'credentialsWrong');
    act({ type: 'signIn', officer: 'EXIT1', pin: PIN, newPin: null });
    const refused = await until(({ signIn }) => signIn.problem === 'notATechnician');
    expect([refused.technician, refused.workbench, refused.inService]).toEqual([null, null, true]);
    await inside();
    expect(lane.traveller?.step).toBe('outOfService');
    expect(lane.supervisor('exitOfficer')?.outOfServiceReasons).toContain('diagnostics');
    // An officer can't open what a technician has.
    lane.opened.lane.receive({
      type: 'supervisor',
      viewer: 'exitOfficer',
      officer: 'TEST1',
      action: { type: 'setService', inService: true },
    });
    act({ type: 'leave' });
    const out = await until(({ mode }) => mode === 'outside');
    expect(out.workbench?.readiness).toMatchObject({ ready: true });
    expect(out.inService).toBe(true);
    expect(events()).toEqual(expect.arrayContaining(['diagnosticsEntered', 'readinessChecked', 'diagnosticsLeft']));
    await nextIsServed();
  });

  test('a crossing under way is served to the end first', async () => {
    const { lane, act, until, cross } = await openBench();
    await served(lane);
    act({ type: 'signIn', officer: 'TECH1', pin: PIN, newPin: null });
    await until(({ technician }) => technician !== null);
    const crossing = cross('stevenson');
    await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere');
    act({ type: 'enter' });
    await until(({ mode }) => mode === 'entering');
    expect((await crossing).output.ending).toEqual({ state: 'passed' });
    const view = await until(({ mode }) => mode === 'inside');
    expect(view.outOfServiceReasons).toEqual(['diagnostics']);
  });

  test('a lane that is not ready is not given back, and the report says why', async () => {
    const { lane, world, act, until, inside } = await openBench();
    await served(lane);
    await inside();
    world.scanner.unplug();
    await until(({ workbench }) => workbench?.devices[0]?.state === 'lost');
    act({ type: 'leave' });
    const view = await until(({ notReady }) => notReady);
    expect([view.mode, view.inService]).toEqual(['inside', false]);
    expect(view.workbench?.readiness?.checks.find(({ id }) => id === 'documentScanner')).toMatchObject({
      outcome: 'failed',
    });
    world.scanner.replug();
    await until(({ workbench }) => workbench?.devices[0]?.state === 'ready');
    act({ type: 'leave' });
    expect((await until(({ mode }) => mode === 'outside')).inService).toBe(true);
  });

  test('a lane process that ends in diagnostics comes back closed: a restart is no readiness check', async () => {
    const { lane, world, inside } = await openBench();
    await served(lane);
    await inside();
    await lane.opened.close();
    const again = await HeadlessLane.open(world.profile, 33);
    await again.waitFor(({ diagnostics }) => diagnostics?.mode === 'inside');
    await again.waitFor(({ traveller }) => traveller?.step === 'outOfService');
    expect(again.supervisor('exitOfficer')?.outOfServiceReasons).toEqual(['diagnostics']);
    await again.close();
  });
});

describe('a test document', () => {
  test('opens no record and no door in diagnostics, whoever’s it is; only format and checks are told', async () => {
    const { lane, world, act, until, inside, workbench, events } = await openBench();
    await served(lane);
    await inside();
    act({ type: 'testDocument' });
    await until(({ workbench: bench }) => bench?.running?.waitsFor === 'document');
    // An enrolled holder's: in service it would open door 1.
    await world.scanner.presentDocument(castMember('stevenson').lines);
    world.scanner.removeDocument();
    const view = await until(({ workbench: bench }) => bench?.results.length === 1);
    expect(view.workbench?.results[0]).toMatchObject({ test: 'document', outcome: 'passed', facts: { format: 'TD1' } });
    expect(allDoorsShut(world)).toBe(true);
    expect(events()).not.toContain('recordOpened');
    expect(events().filter((event) => /^opened$|doorReleased/i.test(event))).toEqual([]);
    expect(workbench().devices[0]?.done).toBe(1);
    expect(searched(JSON.stringify(view))).toEqual([]);
  });

  test('that is registered opens nothing in service either, and others still do', async () => {
    const { lane, world, act, until, inside, alarms, nextIsServed } = await openBench();
    await served(lane);
    await inside();
    act({ type: 'registerTestDocument' });
    await until(({ workbench }) => workbench?.running?.waitsFor === 'document');
    await world.scanner.presentDocument(castMember('eriksson').lines);
    world.scanner.removeDocument();
    await until(({ workbench }) => workbench?.testDocuments === 1);
    act({ type: 'leave' });
    await until(({ mode }) => mode === 'outside');
    await served(lane);
    await world.scanner.presentDocument(castMember('eriksson').lines);
    world.scanner.removeDocument();
    await lane.waitFor(({ traveller }) => traveller?.step === 'seeOfficer');
    expect(alarms()).toContain('testDocumentPresented');
    expect(allDoorsShut(world)).toBe(true);
    expect(lane.reports).toEqual([]);
    await served(lane);
    await nextIsServed();
  });
});

test.each([
  { story: 'genuine', outcome: 'passed', code: null, hashes: 'passed' },
  { story: 'tampered', outcome: 'failed', code: 'dataGroupHashes', hashes: 'failed' },
] as const)('a $story chip is read for a technician: every check is told, and no byte of it', async (expected) => {
  const { lane, world, act, until, inside, workbench } = await openBench(await openStage({ chip: {} }));
  const member = CAST.find(({ chip }) => chip === expected.story);
  const chip = member === undefined ? null : await world.chipOffice.chipOf(member);
  if (member === undefined || chip === null) throw new Error(`nobody has a ${expected.story} chip`);
  await served(lane);
  await inside();
  world.chipReader?.presentChip(chip);
  act({ type: 'testChip' });
  await until(({ workbench: bench }) => bench?.running?.waitsFor === 'document');
  await world.scanner.presentDocument(member.lines);
  world.scanner.removeDocument();
  await until(({ workbench: bench }) => bench?.results.length === 1);
  const [result] = workbench().results;
  expect(result).toMatchObject({ test: 'chip', outcome: expected.outcome, code: expected.code });
  expect(Object.fromEntries(result?.checks.map(({ id, outcome }) => [id, outcome]) ?? [])).toMatchObject({
    mrzMatchesChip: 'passed',
    sodSignature: 'passed',
    signerChain: 'passed',
    dataGroupHashes: expected.hashes,
  });
  const apdus = workbench().trace.filter(({ what }) => what === 'apdu');
  expect(apdus.length).toBeGreaterThan(10);
  for (const { detail } of apdus)
    expect(detail).toMatch(/^instruction=\d+ sent=\d+ received=\d+ answer=\w+ ms=[\d.]+$/);
  expect(searched(JSON.stringify(workbench()))).toEqual([]);
  expect(allDoorsShut(world)).toBe(true);
});

test('a technician who is away too long is signed out, an open door is shut, and the lane stays closed', async () => {
  const bench = await openBench();
  const { lane, world, act, until, inside } = bench;
  let locked = false;
  const real = accounts();
  lane.opened.diagnostics.attach({
    ...real,
    state: (token) => (locked ? 'locked' : real.state(token)),
    session: (token) =>
      locked ? Promise.resolve(err({ code: 'sessionLocked', waitSeconds: null })) : real.session(token),
  });
  await served(lane);
  await inside();
  act({ type: 'askDoorTest', door: 1 });
  const asked = await until(({ workbench }) => workbench?.running?.waitsFor === 'confirmation');
  act({ type: 'confirmDoorTest', door: 1, question: asked.workbench?.running?.question ?? 0 });
  expect(await world.doors.doorOpen(1, 'forward', 5_000)).toBe(true);
  locked = true;
  const view = await until(({ technician }) => technician === null);
  expect([view.workbench, view.signIn.problem, view.mode]).toEqual([null, 'sessionLocked', 'inside']);
  await vi.waitFor(() => expect(allDoorsShut(world)).toBe(true), { timeout: 5_000 });
  expect(lane.traveller?.step).toBe('outOfService');
});

describe('doors', () => {
  test('open only by the confirmed question, one at a time, and shut again', async () => {
    const { lane, world, act, until, inside, events } = await openBench();
    await served(lane);
    await inside();
    // Nothing was asked: nothing is confirmed.
    act({ type: 'confirmDoorTest', door: 2, question: 1 });
    act({ type: 'askDoorTest', door: 2 });
    const asked = await until(({ workbench }) => workbench?.running?.waitsFor === 'confirmation');
    const question = asked.workbench?.running?.question ?? 0;
    act({ type: 'confirmDoorTest', door: 3, question });
    act({ type: 'confirmDoorTest', door: 2, question: question + 1 });
    act({ type: 'askDoorTest', door: 1 });
    await lane.opened.diagnostics.receive({ type: 'checkReadiness' });
    expect(allDoorsShut(world)).toBe(true);
    act({ type: 'confirmDoorTest', door: 2, question });
    // A second press of the same button opens nothing more.
    act({ type: 'confirmDoorTest', door: 2, question });
    expect(await world.doors.doorOpen(2, 'forward', 5_000)).toBe(true);
    expect([1, 3].map((door) => world.doors.door(door).openForward)).toEqual([false, false]);
    act({ type: 'cancelTest' });
    const view = await until(({ workbench }) => workbench?.results[0]?.test === 'door');
    expect(view.workbench?.results[0]).toMatchObject({ outcome: 'passed', facts: { door: 2 } });
    expect(allDoorsShut(world)).toBe(true);
    expect(events().filter((event) => event === 'doorTested')).toHaveLength(1);
  });

  test('somebody who walks through a tested door closes the lane until an officer has looked', async () => {
    const { lane, world, act, until, inside } = await openBench();
    await served(lane);
    await inside();
    act({ type: 'askDoorTest', door: 1 });
    const asked = await until(({ workbench }) => workbench?.running?.waitsFor === 'confirmation');
    act({ type: 'confirmDoorTest', door: 1, question: asked.workbench?.running?.question ?? 0 });
    expect(await world.doors.doorOpen(1, 'forward', 5_000)).toBe(true);
    await world.doors.walkIn(1);
    const view = await until(({ workbench }) => workbench?.results[0]?.test === 'door');
    expect(view.workbench?.results[0]).toMatchObject({ outcome: 'warning', code: 'somebodyPassed' });
    act({ type: 'leave' });
    const out = await until(({ mode }) => mode === 'outside');
    expect([out.inService, out.outOfServiceReasons]).toEqual([false, ['laneToBeChecked']]);
  });

  test('stay shut for whoever is outside diagnostics or signed out', async () => {
    const { lane, world, act, until } = await openBench();
    await served(lane);
    act({ type: 'askDoorTest', door: 1 });
    act({ type: 'confirmDoorTest', door: 1, question: 1 });
    act({ type: 'signIn', officer: 'TECH1', pin: PIN, newPin: null });
    await until(({ technician }) => technician !== null);
    act({ type: 'askDoorTest', door: 1 });
    act({ type: 'confirmDoorTest', door: 1, question: 1 });
    act({ type: 'setLamp', door: 1, lamp: 'green' });
    act({ type: 'saveSettings', values: { enterTimeout: 9_000 } });
    await lane.opened.diagnostics.receive({ type: 'checkReadiness' });
    expect(allDoorsShut(world)).toBe(true);
    expect(lane.diagnostics?.workbench?.results).toEqual([]);
    expect(lane.diagnostics?.workbench?.settingsFile.state).toBe('standard');
  });
});

describe('settings', () => {
  test('each change is audited, kept in a signed file, and in force for the next start', async () => {
    const { lane, world, act, until, inside, events } = await openBench();
    await served(lane);
    await inside();
    act({ type: 'saveSettings', values: { enterTimeout: 60_000 } });
    await until(({ workbench }) => workbench?.settingsProblem === 'settingOutOfLimits');
    act({ type: 'saveSettings', values: { enterTimeout: 9_000, showEnd: 2_000 } });
    const view = await until(({ workbench }) => workbench?.settingsFile.state === 'signed');
    expect(view.workbench?.settingsFile).toMatchObject({ officer: 'TECH1' });
    expect(events().filter((event) => event === 'settingsChanged')).toHaveLength(2);
    await lane.opened.close();
    const again = await HeadlessLane.open(world.profile, 33);
    again.opened.diagnostics.attach(accounts());
    void again.opened.diagnostics.receive({ type: 'signIn', officer: 'TECH1', pin: PIN, newPin: null });
    await again.waitFor(({ diagnostics }) => diagnostics?.workbench != null);
    const kept = again.diagnostics?.workbench?.settings.filter(({ value, standard }) => value !== standard);
    expect(kept?.map(({ id, value }) => [id, value])).toEqual([
      ['enterTimeout', 9_000],
      ['showEnd', 2_000],
    ]);
    await again.close();
  });

  test('a file that nobody here signed keeps the lane closed until it is written anew', async () => {
    const stage = await openStage({
      before: ({ profile }) => {
        const forged = { content: { schema: 'jointgate-lane-settings/1' }, keyId: 'x', signature: 'x' };
        write(join(profile.dataFolder, 'settings.json'), JSON.stringify(forged));
      },
    });
    const { lane, act, until, inside, alarms, events } = await openBench(stage);
    await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
    expect(lane.supervisor('exitOfficer')?.outOfServiceReasons).toContain('settingsInvalid');
    expect(alarms()).toContain('settingsRefused settingsUnreadable');
    await inside();
    act({ type: 'saveSettings', values: {} });
    await until(({ workbench }) => workbench?.settingsFile.state === 'signed');
    act({ type: 'leave' });
    expect((await until(({ mode }) => mode === 'outside')).inService).toBe(true);
    expect(events()).toContain('diagnosticsLeft');
  });
});

test('a support bundle after crossings holds nothing of anybody: searched file by file', async () => {
  const { lane, act, until, inside, cross, stage, workbench } = await openBench();
  await served(lane);
  await cross('stevenson');
  await cross('marta', { officer: 'sentBack' });
  await stage.resolveAll('handedToManualLane');
  await served(lane);
  await inside();
  await lane.opened.diagnostics.receive({ type: 'checkReadiness' });
  act({ type: 'makeSupportBundle' });
  const view = await until(({ workbench: bench }) => bench?.supportBundle != null);
  const bytes = readFileSync(view.workbench?.supportBundle?.path ?? '');
  const files = unzipSync(new Uint8Array(bytes));
  expect(Object.keys(files).sort()).toEqual(
    [
      'README.txt',
      'crossing-events-per-hour.json',
      'devices.json',
      'history.json',
      'lane.json',
      'readiness.json',
      'settings.json',
      'tests.json',
      'trace.json',
    ].sort(),
  );
  const text = Object.values(files)
    .map((content) => new TextDecoder().decode(content))
    .join('\n');
  // It does hold what a mechanic needs.
  expect(text).toContain('"documentRead"');
  expect(text).toMatch(/"crossingRefused": 1|"controlAnswered"/);
  const records = new Database(
    join(
      lane.opened.devices === null ? '' : (view.workbench?.supportBundle?.path.replace(/support\/.*/, '') ?? ''),
      'record.sqlite',
    ),
    { readonly: true },
  );
  const secrets = records
    .prepare<[], { record_id: string }>('SELECT record_id FROM records')
    .all()
    .map(({ record_id }) => record_id);
  records.close();
  expect(secrets.length).toBeGreaterThan(1);
  expect([...searched(text), ...secrets.filter((id) => text.includes(id))]).toEqual([]);
  expect(text).not.toMatch(/[0-9a-f]{64}/);
  expect(text).not.toMatch(/TECH1|DEMO1|BEGIN [A-Z ]*KEY/);
  expect(searched(JSON.stringify(workbench()))).toEqual([]);
});

/** Everything of the cast that must not be found: names, numbers, dates of birth, printed lines. */
function searched(text: string): string[] {
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
