import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { LaneCard } from '../../app/contract/supervisor-console.ts';
import { percentile } from '../bench/percentile.ts';
import { findChromium, launchChromium } from './browser.ts';
import { buildPages } from './build-pages.ts';
import { port, pushSession, session } from './console-pages.ts';
import { pushUpdate, type ScriptedWindow, scriptWindow } from './scripted-window.ts';
import { servePages } from './serve.ts';
import { writeSpecimenFilm } from './specimen-camera.ts';

/**
 * The console with 100 lanes that each change twice a second, as they come from the hub: how much of a core its page takes, and
 * how long a frame's work on the main thread lasts. `node test/screens/console-load.ts [SECONDS]` writes out/bench/console.json
 * and exits 1 when a bar is missed.
 */
const LANES = 100;
const CHANGES_PER_SECOND = 2;
/** The hub tells several lanes in one message; so many messages a second. */
const MESSAGES_PER_SECOND = 20;
const CORE_SHARE_BAR = 0.3;
const FRAME_BAR_MS = 16;
const seconds = Number(process.argv[2] ?? 20);

const root = join(import.meta.dirname, '../..');
const executable = findChromium();
if (executable === null) throw new Error('no Chromium: install one or set JOINTGATE_CHROMIUM');
const built = await buildPages();
const server = await servePages(built.folder);
const browser = await launchChromium(
  executable,
  await writeSpecimenFilm(join(root, 'out/screens-test/specimen.mjpeg')),
);
try {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'en-GB' });
  await scriptWindow(context);
  const page = await context.newPage();
  await page.goto(`${server.url}/supervisor/index.html`);
  await pushSession(page, session('portSupervisor'));
  const cards = port(LANES).map((card) => ({ ...card, stepSince: new Date().toISOString() }));
  await pushUpdate(page, { type: 'cards', complete: true, cards });
  await page.locator('.page-button[aria-keyshortcuts="w"]').click();
  await page
    .locator('.wall-card')
    .nth(LANES - 1)
    .waitFor();

  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const inBrowser = await browser.newBrowserCDPSession();
  const processSeconds = async (): Promise<number> => {
    const { processInfo } = await inBrowser.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };

  await page.evaluate(
    ([all, perMessage, everyMs]) => {
      const list = all as LaneCard[];
      const { jointgateTest } = window as unknown as ScriptedWindow;
      const steps = ['attract', 'walkIn', 'lookHere', 'pleaseWait', 'walkOn', 'goThrough'] as const;
      let next = 0;
      const frames: number[] = [];
      const shown = { frames, changes: 0, stop: false };
      Object.assign(window, { consoleLoad: shown });
      const timer = setInterval(() => {
        if (shown.stop) return clearInterval(timer);
        const changed = Array.from({ length: perMessage as number }, () => {
          const index = next % list.length;
          next += 1;
          const card = list[index] as LaneCard;
          const reached = (card.stationsReached + 1) % 6;
          const fresh: LaneCard = {
            ...card,
            stationsReached: reached,
            step: steps[reached] ?? 'attract',
            stepSince: new Date().toISOString(),
            passed: card.passed + (reached === 0 ? 1 : 0),
          };
          list[index] = fresh;
          return fresh;
        });
        shown.changes += changed.length;
        jointgateTest.pushUpdate({ type: 'cards', complete: false, cards: changed });
      }, everyMs as number);
      // A frame's work: from its first callback until the thread is free again after style, layout and paint.
      const channel = new MessageChannel();
      let began = 0;
      channel.port1.onmessage = () => {
        frames.push(performance.now() - began);
      };
      const frame = () => {
        began = performance.now();
        channel.port2.postMessage(null);
        if (!shown.stop) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    },
    [cards, (LANES * CHANGES_PER_SECOND) / MESSAGES_PER_SECOND, 1000 / MESSAGES_PER_SECOND] as const,
  );
  const warmUpMs = 2_000;
  await page.waitForTimeout(warmUpMs);
  const [busyBefore, processBefore, startedMs] = [await busy(), await processSeconds(), performance.now()];
  await page.evaluate(() => {
    (window as unknown as { consoleLoad: { frames: number[]; changes: number } }).consoleLoad.frames.length = 0;
    (window as unknown as { consoleLoad: { changes: number } }).consoleLoad.changes = 0;
  });
  await page.waitForTimeout(seconds * 1000);
  const [busyAfter, processAfter] = [await busy(), await processSeconds()];
  const elapsedS = (performance.now() - startedMs) / 1000;
  const { frames, changes } = await page.evaluate(() => {
    const { consoleLoad } = window as unknown as { consoleLoad: { frames: number[]; changes: number; stop: boolean } };
    consoleLoad.stop = true;
    return { frames: consoleLoad.frames, changes: consoleLoad.changes };
  });
  const sorted = [...frames].sort((a, b) => a - b);
  const result = {
    lanes: LANES,
    changesPerSecond: changes / elapsedS,
    seconds: elapsedS,
    mainThreadShare: (busyAfter - busyBefore) / elapsedS,
    rendererProcessShare: (processAfter - processBefore) / elapsedS,
    frames: frames.length,
    frameMedianMs: percentile(sorted, 0.5),
    frameP95Ms: percentile(sorted, 0.95),
    bars: { coreShare: CORE_SHARE_BAR, frameP95Ms: FRAME_BAR_MS },
    machine: { cores: cpus().length, load: loadavg()[0] },
  };
  mkdirSync(join(root, 'out/bench'), { recursive: true });
  writeFileSync(join(root, 'out/bench/console.json'), `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.exitCode =
    result.rendererProcessShare < CORE_SHARE_BAR && (result.frameP95Ms ?? Infinity) < FRAME_BAR_MS ? 0 : 1;
} finally {
  await browser.close();
  server.close();
  await built.remove();
}
