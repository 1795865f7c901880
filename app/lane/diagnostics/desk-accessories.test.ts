import { expect, test, vi } from 'vitest';
import { openBench, served } from '../../../test/integration/desk-bench.ts';
import { openStage } from '../../../test/integration/lane-stage.ts';

const FITTED = { indicator: {}, cameraLight: { mostPercent: 80 }, cameraTilt: {}, faceCamera: { verdict: 'advisory' } };

test('lamp, light and mount are the technician’s while they are inside, keep to what was set, and are the lane’s again afterwards', async () => {
  const { lane, world, act, until, inside, workbench, events } = await openBench(
    await openStage({ topology: 'twoDoor', accessories: FITTED }),
  );
  const accessories = world.accessories!;
  const { light, tilt } = accessories;
  await served(lane);
  // Nobody may before the lane is theirs.
  act({ type: 'showIndicator', lamp: 'green' });
  await inside();
  await vi.waitFor(() => expect(accessories.lamp).toBe('red'), { timeout: 5_000 });
  expect(workbench().accessories).toMatchObject({
    lamp: 'red',
    light: { percent: 0, mostPercent: 80 },
    tilt: { degrees: 0, lowestDegrees: -25, highestDegrees: 25 },
  });
  act({ type: 'showIndicator', lamp: 'green' });
  await until(({ workbench: bench }) => bench?.accessories.lamp === 'green');
  expect(accessories.lamp).toBe('green');
  act({ type: 'setLight', percent: 80 });
  await until(({ workbench: bench }) => bench?.accessories.light?.percent === 80);
  expect(light.shining).toBeGreaterThan(0);
  act({ type: 'setTilt', degrees: -20 });
  await until(({ workbench: bench }) => bench?.accessories.tilt?.degrees === -20);
  expect(tilt.tilt).toBeLessThan(-200);

  // Settings: less bright than the profile allows and never brighter, within what the mount can do, each change in the journal.
  act({ type: 'saveSettings', values: { lightMost: 81 } });
  await until(({ workbench: bench }) => bench?.settingsProblem === 'settingOutOfLimits');
  act({ type: 'saveSettings', values: { lightMost: 40, lightStart: 50 } });
  await until(({ workbench: bench }) => bench?.settingsProblem === 'lightStartAboveMost');
  act({ type: 'saveSettings', values: { tiltHome: 26 } });
  await until(({ workbench: bench }) => bench?.settingsProblem === 'settingOutOfLimits');
  act({ type: 'saveSettings', values: { lightMost: 60, lightStart: 30, tiltHome: -5 } });
  await until(({ workbench: bench }) => bench?.settingsFile.state === 'signed');
  expect(workbench().accessories).toMatchObject({ light: { mostPercent: 60 }, tilt: { homeDegrees: -5 } });
  expect(events().filter((event) => event === 'settingsChanged')).toHaveLength(3);
  act({ type: 'setLight', percent: 61 });
  const refused = await until(({ workbench: bench }) => bench?.results[0]?.code === 'requestInvalid');
  expect(refused.workbench?.results[0]?.test).toBe('light');

  act({ type: 'showIndicator', lamp: 'green' });
  act({ type: 'setLight', percent: 60 });
  await until(({ workbench: bench }) => bench?.accessories.light?.percent === 60);
  act({ type: 'signOut' });
  await vi.waitFor(
    () => expect([accessories.lamp, light.shining, Math.round(tilt.tilt / 13.33)]).toEqual(['red', 0, -5]),
    { timeout: 5_000 },
  );
});
