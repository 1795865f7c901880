import { type DemoLane, expect, test } from './harness.ts';

/** A key as a keyboard sends it to a window: the test driver's own keys come in behind the place where the chord is heard. */
function press({ app }: DemoLane, window: string, keyCode: string, modifiers: ('control' | 'alt')[]): Promise<void> {
  return app.evaluate(
    ({ BrowserWindow }, [name, code, held]) => {
      const found = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL().includes(`/${name}/`));
      for (const type of ['keyDown', 'keyUp'] as const)
        found?.webContents.sendInputEvent({ type, keyCode: code, modifiers: [...held] });
    },
    [window, keyCode, modifiers] as const,
  );
}

test('Ctrl+Alt+D in any window opens the technician’s sign-in, once, and takes nothing out of service', {
  tag: '@long',
}, async ({ launchDemo }) => {
  const demo = await launchDemo('diagnostics-key');
  await demo.step('attract');
  const technicians = () => demo.app.windows().filter((page) => page.url().includes('/diagnostics/'));
  // Neither the letter nor a half of the chord.
  for (const modifiers of [[], ['control'], ['alt']] as const) await press(demo, 'traveller', 'D', [...modifiers]);
  await press(demo, 'traveller', 'E', ['control', 'alt']);
  expect(technicians()).toHaveLength(0);
  const opening = demo.app.waitForEvent('window', { timeout: 30_000 });
  await press(demo, 'traveller', 'D', ['control', 'alt']);
  const desk = await opening;
  await expect(desk.getByRole('textbox', { name: /service number/i })).toBeVisible({ timeout: 30_000 });
  // Before a sign-in the window knows nothing of any device.
  await expect(desk.locator('[data-device], [data-page]')).toHaveCount(0);
  for (const window of ['supervisor', 'bench']) await press(demo, window, 'D', ['control', 'alt']);
  await demo.come(/STEVENSON/, /STEVENSON/);
  await demo.step('goThrough');
  expect(technicians()).toHaveLength(1);
  await demo.step('attract');
});
