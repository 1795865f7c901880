import { expect, test, vi } from 'vitest';
import type { Notice } from '../../app/contract/control-protocol.ts';
import { ok } from '../../app/contract/result.ts';
import type { Control } from '../../app/controls/control.ts';
import { systemClock } from '../../app/lane/clock.ts';
import type { OpenLaneOptions } from '../../app/lane/open-lane.ts';
import { type LaneStage, openStage } from './lane-stage.ts';

/** What becomes of the entry control's notices on the way. */
function onTheWay(
  notify: (notice: Notice, control: Control, ...rest: [string, AbortSignal]) => ReturnType<Control['notify']>,
) {
  return (side: 'exit' | 'entry', control: Control): Control =>
    side === 'exit' ? control : { ...control, notify: (notice, ...rest) => notify(notice, control, ...rest) };
}

const atEntry = ({ opened }: LaneStage['lane'], recordId: string) => {
  const state = opened.controls.entry.embedded?.stateOf(recordId);
  return state?.ok === true ? state.value : null;
};
const patient = { timeout: 15_000, interval: 100 };

test('a control that never heard of the commit asks the record’s home when its clear has expired', async () => {
  let aheadMs = 0;
  const extra: Partial<OpenLaneOptions> = {
    clock: { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs },
    // Acknowledged on the way, and never there.
    replaceControl: onTheWay(async () => ok()),
  };
  const { lane, cross, alarms } = await openStage({ extra });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { output, recordId } = await cross('stevenson');
  expect(output.ending).toEqual({ state: 'passed' });
  expect(atEntry(lane, recordId)).toBe('prepared');
  aheadMs = 61_000;
  await vi.waitFor(() => expect(atEntry(lane, recordId)).toBe('committed'), patient);
  expect(alarms()).not.toContain('clearLapsed');
}, 60_000);

test('a control believes a receipt that its lane has signed, and no other', async () => {
  let forge = false;
  const extra: Partial<OpenLaneOptions> = {
    replaceControl: onTheWay((notice, control, ...rest) => {
      const { receipt } = (notice.detail ?? {}) as { receipt?: { body: object } };
      if (receipt === undefined || !forge) return control.notify(notice, ...rest);
      const forged = { ...receipt, body: { ...receipt.body, laneId: 'OTHER-1' } };
      return control.notify({ ...notice, detail: { receipt: forged } }, ...rest);
    }),
  };
  const { lane, cross } = await openStage({ extra });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const genuine = await cross('stevenson');
  await vi.waitFor(() => expect(atEntry(lane, genuine.recordId)).toBe('passed'), patient);
  forge = true;
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const forged = await cross('eriksson');
  expect(forged.output.ending).toEqual({ state: 'passed' });
  const alarmed = () => (lane.supervisor('entryOfficer')?.alarms ?? []).map(({ event }) => event);
  await lane.waitFor(() => alarmed().includes('receiptForged'));
  expect(atEntry(lane, forged.recordId)).toBe('committed');
}, 60_000);
