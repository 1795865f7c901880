import { expect, test } from './harness.ts';

test('windows are sandboxed, isolated, under a strict policy, and can go nowhere', async ({ launchDemo }) => {
  const demo = await launchDemo('lock-down');
  await demo.step('attract');
  const preferences = await demo.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => {
      // Electron's own record of how the page runs; older and newer runtimes both have it.
      const contents = window.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
      return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag: webviewTag ?? false };
    }),
  );
  expect(preferences).toHaveLength(3);
  for (const preference of preferences) {
    expect(preference).toEqual({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
  }
  for (const page of [demo.traveller, demo.supervisor, demo.bench]) {
    const url = page.url();
    const seen = await page.evaluate(async () => ({
      require: typeof (globalThis as { require?: unknown }).require,
      process: typeof (globalThis as { process?: unknown }).process,
      opened: window.open('https://example.org') === null,
      fetched: await fetch('https://example.org').then(
        () => true,
        () => false,
      ),
      inline: (() => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.inlineRan = true';
        document.head.append(script);
        return (globalThis as { inlineRan?: boolean }).inlineRan === true;
      })(),
    }));
    expect(seen).toEqual({ require: 'undefined', process: 'undefined', opened: true, fetched: false, inline: false });
    await page.evaluate(() => {
      location.href = 'https://example.org/';
    });
    expect(page.url()).toBe(url);
  }
});

test('only the traveller window gets the camera, and nobody a microphone', async ({ launchDemo }) => {
  const demo = await launchDemo('permissions');
  await demo.step('attract');
  const ask = (constraints: MediaStreamConstraints): Promise<string> =>
    navigator.mediaDevices.getUserMedia(constraints).then(
      (stream) => {
        for (const track of stream.getTracks()) track.stop();
        return 'given';
      },
      (error: DOMException) => error.name,
    );
  expect(await demo.traveller.evaluate(ask, { video: true })).toBe('given');
  expect(await demo.traveller.evaluate(ask, { audio: true })).toBe('NotAllowedError');
  expect(await demo.supervisor.evaluate(ask, { video: true })).toBe('NotAllowedError');
  expect(await demo.bench.evaluate(ask, { video: true })).toBe('NotAllowedError');
});

test('a message outside the contract, or from the wrong window, changes nothing', async ({ launchDemo }) => {
  const demo = await launchDemo('contract');
  await demo.step('attract');
  await demo.traveller.evaluate(() => {
    const api = (
      globalThis as unknown as { jointgate: { act(action: unknown): void; sendFrame(frame: unknown): void } }
    ).jointgate;
    api.act({ type: 'resolveReferral', recordId: '00000000-0000-4000-8000-000000000000' });
    api.act({ type: 'languageChosen', language: 'xx' });
    // On the frame port, too, a window may send frames and nothing else.
    api.sendFrame({
      type: 'supervisor',
      viewer: 'exitOfficer',
      officer: 'X',
      action: { type: 'setService', inService: false },
    });
    api.sendFrame({ type: 'frame', width: 99_999, height: 1, capturedAtMs: 0, data: new Uint8Array(4) });
  });
  // Still in service: the next traveller goes through.
  await demo.come(/STEVENSON/, /STEVENSON/);
  await demo.step('goThrough');
});
