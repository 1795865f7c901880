import { expect, test, vi } from 'vitest';
import { startControls } from './control-processes.ts';
import { openStage } from './lane-stage.ts';

test('two controls in processes of their own decide, sign and hear of the outcome; one that is gone refers, and is asked again', async () => {
  const controls = await startControls();
  const { lane, cross, nextIsServed } = await openStage({
    network: { controls: { exit: controls.exit.setting, entry: controls.entry.setting } },
    before: controls.keepLaneKey,
    delays: { controlDeadline: 4_000 },
  });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { output, recordId } = await cross('stevenson');
  expect(output.ending).toEqual({ state: 'passed' });
  const record = await lane.opened.record.read(recordId);
  if (!record.ok) throw new Error('the record can be read');
  expect([record.value.answers.exit?.keyId, record.value.answers.entry?.keyId]).toEqual([
    controls.exit.keyId,
    controls.entry.keyId,
  ]);
  // Commit and receipt reach both over the network: nothing is left to be told.
  await vi.waitFor(
    async () => {
      for (const side of ['exit', 'entry'] as const) {
        const left = await lane.opened.record.outbox(side, 10);
        expect(left.ok && left.value.length).toBe(0);
      }
    },
    { timeout: 20_000, interval: 100 },
  );

  const refused = await cross('marta');
  expect(refused.output.ending).toEqual({ state: 'refused', owner: 'exit' });

  const gone = new Promise((resolve) => controls.entry.child.once('exit', resolve));
  controls.entry.child.kill('SIGKILL');
  await gone;
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const referred = await cross('stevenson');
  expect(referred.output.ending).toMatchObject({ state: 'referred', owner: 'entry', code: 'controlUnreachable' });
  // Told to the side whose control it is.
  const alarms = lane.supervisor('entryOfficer')?.alarms.map(({ event }) => event);
  expect(alarms).toContain('controlUnreachable');
  await controls.entry.restart();
  // Calls to a control that was dead are held back for a moment.
  await vi.waitFor(nextIsServed, { timeout: 40_000, interval: 500 });
}, 90_000);

test('without a control’s keys the lane takes nobody in', async () => {
  const controls = await startControls();
  controls.entry.child.kill('SIGKILL');
  const { lane, nextIsServed } = await openStage({
    network: { controls: { exit: controls.exit.setting, entry: controls.entry.setting } },
    before: controls.keepLaneKey,
  });
  await lane.waitFor(() => lane.supervisor('portSupervisor')?.outOfServiceReasons.join() === 'controlKeysUnknown');
  await controls.entry.restart();
  await nextIsServed();
}, 90_000);
