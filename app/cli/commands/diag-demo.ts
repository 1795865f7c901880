import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadinessReport, SelfCheckId } from '../../contract/diagnostics-checks.ts';
import { openDemoWorld } from '../../demo/demo-world.ts';
import { openSqliteRecordStore } from '../../record/sqlite/client.ts';
import { testProfile } from './diag-lane.ts';

/** A lane of simulators on pseudo-terminals, gone again afterwards. */
export async function testDemoLane(only: readonly SelfCheckId[]): Promise<ReadinessReport> {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-diag-'));
  const world = await openDemoWorld({ folder, topology: 'threeDoor', readingMs: 0, travelMs: 0, delays: {} });
  try {
    const { dataFolder } = world.profile;
    // A lane that has run once has its record.
    const store = await openSqliteRecordStore({
      path: join(dataFolder, 'record.sqlite'),
      laneSigningKey: { file: join(dataFolder, 'keys', 'lane-signing.pem') },
      controlKeys: { exit: [], entry: [] },
      clock: () => new Date(),
    });
    if (store.ok) await store.value.close();
    const report = await testProfile(world.profile, folder, only);
    if (!report.ok) throw new Error(report.error);
    return report.value;
  } finally {
    world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
