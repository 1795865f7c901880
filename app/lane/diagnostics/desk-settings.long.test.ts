import { readFileSync, writeFileSync as write } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { accounts, openBench, PIN, searched, served } from '../../../test/integration/desk-bench.ts';
import { openStage } from '../../../test/integration/lane-stage.ts';
import { HeadlessLane } from '../../demo/headless-lane.ts';

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
