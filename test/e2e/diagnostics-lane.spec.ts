import { technicianDesk } from './diagnostics-window.ts';
import { expect, test } from './harness.ts';

test('a technician takes the lane out of service, reads a test document, and gives the lane back when it is ready', async ({
  launchDemo,
}) => {
  test.setTimeout(180_000);
  const demo = await launchDemo('diagnostics-lane', ['--diagnostics']);
  const desk = await technicianDesk(demo, 'diagnostics-lane');
  await demo.step('attract');
  await desk.keepPicture('sign-in');
  await desk.takeLane();
  await demo.step('outOfService');
  await desk.keepPicture('inside');

  // An enrolled holder's document, in the technician's hands: checks are told, no door opens, no record is made.
  await desk.page.getByRole('button', { name: 'Read a test document' }).click();
  await desk.page.getByText('Lay the document on the scanner.').waitFor();
  await demo.bench
    .getByRole('region', { name: /documents/i })
    .getByRole('button', { name: /STEVENSON/ })
    .click();
  const result = desk.page.getByRole('region', { name: 'Read a test document' });
  await expect(result).toContainText('TD1');
  await expect(result).toContainText('Check digits of the printed zone');
  await desk.keepPicture('document-read');
  expect(await desk.page.locator('body').innerText()).not.toMatch(/STEVENSON|PETRA|D23145891|840712|[A-Z0-9<]{25}/);
  expect(demo.recordStates()).toEqual([]);

  // A broken lane is not given back.
  await desk.open('b', 'support');
  await desk.page.getByRole('button', { name: /unplug: scanner/i }).click();
  await expect(desk.page.locator('.plan-device[data-device="documentScanner"]')).toHaveAttribute('data-tone', 'stop');
  await desk.hold(/give the lane back/i, () =>
    expect(desk.page.getByRole('alert')).toContainText('Not ready', { timeout: 60_000 }),
  );
  await desk.mode('inside');
  await desk.open('r', 'report');
  await expect(desk.page.locator('tr[data-check="documentScanner"]')).toHaveAttribute('data-outcome', 'failed');
  await desk.keepPicture('not-ready');
  await desk.open('b', 'support');
  await desk.page.getByRole('button', { name: /plug in: scanner/i }).click();
  await expect(desk.page.locator('.plan-device[data-device="documentScanner"]')).toHaveAttribute('data-tone', 'go');

  await desk.hold(/give the lane back/i, () => desk.mode('outside'));
  await demo.step('attract');
  await desk.keepPicture('given-back');
  // Travellers are let in again.
  await demo.come(/ZHENGJIAN/, /ZHENGJIAN/);
  await demo.step(/walkIn|lookHere/);
  const events = desk.audit().map(({ event }) => event);
  for (const event of ['officerSignedIn', 'diagnosticsEntered', 'deviceTested', 'readinessChecked', 'diagnosticsLeft'])
    expect(events).toContain(event);
  expect(await demo.verifyRecord()).toBe(0);
});
