import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readinessReportSchema, SELF_CHECK_IDS } from '../../contract/diagnostics-checks.ts';
import { unwrap } from '../../contract/result.ts';
import { type DemoWorld, openDemoWorld } from '../../demo/demo-world.ts';
import { openSqliteRecordStore } from '../../record/sqlite/client.ts';
import { spawnCli } from '../spawn-cli.ts';

let folder: string;
let world: DemoWorld;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-diag-test-'));
  const accessories = { faceCamera: {}, cameraTilt: {} };
  world = await openDemoWorld({ folder, topology: 'twoDoor', readingMs: 0, travelMs: 0, delays: {}, accessories });
  const store = unwrap(
    await openSqliteRecordStore({
      path: join(folder, 'data/record.sqlite'),
      laneSigningKey: { file: join(folder, 'data/keys/lane-signing.pem') },
      controlKeys: { exit: [], entry: [] },
      clock: () => new Date(),
    }),
  );
  unwrap(await store.audit({ event: 'laneStarted', recordId: null, owner: 'port', facts: {} }));
  await store.close();
});
afterAll(() => {
  world.close();
  rmSync(folder, { recursive: true, force: true });
});

async function diag(...args: string[]) {
  const run = await spawnCli(['diag', '--profile', world.profilePath, '--json', ...args]);
  return { ...run, report: readinessReportSchema.parse(JSON.parse(run.stdout)) };
}

const failedIds = (report: { checks: readonly { id: string; outcome: string; code: string | null }[] }): string[] =>
  report.checks.filter(({ outcome }) => outcome === 'failed').map(({ id, code }) => `${id} ${code}`);

describe('jointgate diag', () => {
  test('a whole lane is ready: every check is there, doors answered and none was opened, exit code 0', async () => {
    const { code, report, stderr } = await diag();
    expect(stderr).toBe('');
    expect(failedIds(report)).toEqual([]);
    expect([code, report.ready, report.laneId]).toEqual([0, true, 'DEMO-1']);
    expect(report.checks.map(({ id }) => id)).toEqual(SELF_CHECK_IDS);
    expect(report.checks.find(({ id }) => id === 'laneController')).toMatchObject({
      outcome: 'passed',
      facts: { doors: 2 },
    });
    expect([1, 2].map((door) => world.doors.door(door).openForward || world.doors.door(door).openBackward)).toEqual([
      false,
      false,
    ]);
  });

  test('--device looks at that alone and leaves the other ports alone', async () => {
    const { code, report } = await diag('--device', 'clock', 'disk');
    expect(code).toBe(0);
    expect(report.checks.map(({ id }) => id)).toEqual(['clock', 'disk']);
  });

  test('a lane is no less ready without its mount, but not ready without the depth camera it requires', async () => {
    const names = ['faceCamera', 'cameraTilt', 'cameraLight'] as const;
    const outcomes = async () => {
      const { code, report } = await diag('--device', ...names);
      return [code, report.ready, ...report.checks.map(({ outcome }) => outcome)];
    };
    expect(await outcomes()).toEqual([0, true, 'passed', 'notFitted', 'passed']);
    world.accessories?.tilt.unplug();
    expect(await outcomes()).toEqual([0, true, 'passed', 'notFitted', 'warning']);
    world.accessories?.faceCamera.unplug();
    expect(await outcomes()).toEqual([1, false, 'failed', 'notFitted', 'warning']);
    world.accessories?.tilt.replug();
    world.accessories?.faceCamera.replug();
  });

  test('an unplugged lane controller is not ready and says why, exit code 1', async () => {
    world.doors.unplug();
    const { code, report } = await diag('--device', 'laneController', 'documentScanner');
    world.doors.replug();
    expect([code, report.ready, failedIds(report)]).toEqual([1, false, ['laneController notThere']]);
  });

  test('a key that others can read, a settings file nobody signed and an edited journal are found', async () => {
    const key = join(folder, 'data/keys/enrolment.hex');
    chmodSync(key, 0o644);
    writeFileSync(join(folder, 'data/settings.json'), '{"content":{}}');
    const { code, report } = await diag('--device', 'keys', 'settings');
    chmodSync(key, 0o600);
    rmSync(join(folder, 'data/settings.json'));
    expect([code, failedIds(report)]).toEqual([1, ['keys keyFileExposed', 'settings settingsUnreadable']]);
    const record = join(folder, 'data/record.sqlite');
    const whole = readFileSync(record);
    const broken = Buffer.from(whole);
    const at = broken.indexOf('laneStarted');
    expect(at).toBeGreaterThan(0);
    broken.write('laneStopped', at);
    writeFileSync(record, broken);
    const journal = await diag('--device', 'journal');
    writeFileSync(record, whole);
    expect([journal.code, failedIds(journal.report)]).toEqual([1, ['journal journalBroken']]);
  });

  test('looking makes nothing: no key, no trust list, no settings file', async () => {
    const bare = JSON.parse(readFileSync(world.profilePath, 'utf8')) as Record<string, unknown>;
    const profile = join(folder, 'bare.json');
    writeFileSync(profile, JSON.stringify({ ...bare, dataFolder: join(folder, 'nothing') }));
    const run = await spawnCli(['diag', '--profile', profile, '--json', '--device', 'keys', 'settings', 'trustList']);
    expect(run.code).toBe(1);
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });

  test('text says the verdict first; wrong usage is 2; no profile is not ready', async () => {
    const text = await spawnCli(['diag', '--profile', world.profilePath, '--device', 'disk']);
    expect(text.stdout).toMatch(/^Lane DEMO-1 is ready\.\n[\s\S]*ok {3}disk .*freeMb=\d+/);
    for (const wrong of [
      ['--device', 'toaster'],
      ['--profile', join(folder, 'none.json')],
      ['--demo', '--profile', 'x'],
    ])
      expect((await spawnCli(['diag', ...wrong])).code, wrong.join(' ')).toBe(2);
    const none = await spawnCli(['diag', '--device', 'laneProfile', 'documentScanner'], { cwd: folder });
    // The demo's own profile is called lane.json and lies there.
    expect(none.code).toBe(0);
    const nowhere = await spawnCli(['diag', '--device', 'laneProfile'], { cwd: tmpdir() });
    expect([nowhere.code, nowhere.stdout]).toEqual([1, expect.stringContaining('noLaneProfile')]);
  });
});
