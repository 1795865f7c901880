import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { CAST } from '../../app/demo/cast.ts';
import { technicianDesk } from './diagnostics-window.ts';
import { expect, test } from './harness.ts';

test('after a referral: a changed delay is audited and in force, the camera is judged, and the support bundle names nobody', {
  tag: '@long',
}, async ({ launchDemo }) => {
  test.setTimeout(240_000);
  const demo = await launchDemo('diagnostics-support', ['--diagnostics']);
  const desk = await technicianDesk(demo, 'diagnostics-support');
  await demo.step('attract');
  // Nobody enrolled this holder: a record, a referral, and the lane is free again.
  await demo.come(/RITA/, /nobody/i);
  await demo.step('seeOfficer');
  await demo.step('attract');
  await desk.takeLane();

  await desk.open('s', 'settings');
  await desk.page.getByLabel('How long an end is shown').fill('2');
  await desk.page.getByLabel('Face matches from').fill('0.7');
  await desk.keepPicture('settings');
  await desk.hold(/save the changes/i, () =>
    expect(desk.page.getByText(/Set by T4001/)).toBeVisible({ timeout: 20_000 }),
  );
  const changes = desk.audit().filter(({ event }) => event === 'settingsChanged');
  expect(changes.map(({ facts }) => [facts.setting, facts.to, facts.officer])).toEqual([
    ['showEnd', 2_000, 'T4001'],
    ['matchThreshold', 0.7, 'T4001'],
  ]);

  await desk.open('4', 'camera');
  await desk.page.getByRole('button', { name: 'Start the camera' }).click();
  const judge = desk.page.getByRole('button', { name: 'Judge focus and light' });
  await expect(judge).toBeEnabled({ timeout: 30_000 });
  await desk.keepPicture('camera');
  await judge.click();
  await expect(desk.page.getByRole('region', { name: 'Judge focus and light' })).toContainText('brightness');
  await desk.page.getByRole('button', { name: /presentation attack sample/i }).click();
  const verdict = desk.page.getByRole('region', { name: /presentation attack sample/i });
  await expect(verdict.locator('[data-outcome]')).toBeVisible({ timeout: 60_000 });
  await desk.page.getByRole('button', { name: 'Stop the camera' }).click();

  await desk.open('5', 'faceEngine');
  await desk.page.getByRole('button', { name: /golden vectors/i }).click();
  await expect(desk.page.locator('[data-page="faceEngine"] [data-outcome="passed"]')).toBeVisible({ timeout: 60_000 });
  await desk.keepPicture('models');

  await desk.open('b', 'support');
  await desk.page.getByRole('button', { name: 'Make the bundle' }).click();
  const path = await desk.page.locator('.bundle-path').first().innerText();
  await desk.keepPicture('bundle');
  const files = unzipSync(new Uint8Array(readFileSync(path)));
  const text = Object.values(files)
    .map((content) => new TextDecoder().decode(content))
    .join('\n');
  expect(text).toContain('"documentScanner"');
  for (const { lines, documents } of CAST) {
    for (const line of lines) expect(text).not.toContain(line.slice(0, 12));
    if (documents === null) continue;
    const { number, birthDate, name } = documents.exit;
    for (const trace of [number, birthDate, ...name.split(' ')]) expect(text).not.toContain(trace);
  }
  expect(text).not.toMatch(/[0-9a-f]{64}|T4001|BEGIN [A-Z ]*KEY|[0-9a-f]{8}-[0-9a-f]{4}-[47]/);
  expect(desk.audit().map(({ event }) => event)).toContain('supportBundleMade');

  await desk.hold(/give the lane back/i, () => desk.mode('outside'));
  await demo.step('attract');
  expect(await demo.verifyRecord()).toBe(0);
});
