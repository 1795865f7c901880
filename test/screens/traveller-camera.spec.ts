import sharp from 'sharp';
import type { CameraState } from '../../app/contract/traveller-view.ts';
import { expect, test } from './screen-test.ts';
import { actionsOf, pushView, type ScriptedWindow } from './scripted-window.ts';
import { travellerView } from './traveller-views.ts';

const PORTRAIT = { width: 1080, height: 1920 };
const words = (actions: unknown[]) =>
  actions.flatMap((action) => {
    const { type, state } = action as CameraState;
    return type === 'cameraState' ? [state] : [];
  });

test('the camera runs exactly while it is wanted and sends enough frames, none mirrored', async ({ open }, info) => {
  const page = await open('traveller', PORTRAIT);
  await pushView(page, travellerView('walkIn'));
  await expect.poll(async () => words(await actionsOf(page))).toEqual(['off']);
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
  await pushView(page, travellerView('lookHere'));
  await expect.poll(async () => words(await actionsOf(page))).toEqual(['off', 'live']);
  await page.waitForFunction(() => (window as unknown as ScriptedWindow).jointgateTest.frames.length >= 80);

  const frames = await page.evaluate(() => (window as unknown as ScriptedWindow).jointgateTest.frames);
  const steady = frames.slice(20);
  const spanMs = (steady.at(-1)?.atMs ?? 0) - (steady[0]?.atMs ?? 0);
  const framesPerSecond = ((steady.length - 1) * 1000) / spanMs;
  const agesMs = steady.map(({ atMs, capturedAtMs }) => atMs - capturedAtMs).sort((a, b) => a - b);
  info.annotations.push({ type: 'frames a second', description: framesPerSecond.toFixed(1) });
  info.annotations.push({
    type: 'age of a frame, ms, p95',
    description: String(agesMs[Math.floor(agesMs.length * 0.95)]),
  });
  expect(framesPerSecond).toBeGreaterThanOrEqual(15);
  expect(steady[0]).toMatchObject({ width: 640, height: 480, bytes: 640 * 480 * 4 });
  expect(agesMs[0]).toBeGreaterThanOrEqual(0);

  // The film is darker on one side; a mirrored frame would have it the other way round.
  const film = await sharp(await firstFilmFrame())
    .raw()
    .toBuffer({ resolveWithObject: true });
  const expected = sideBrightness(film.data, film.info.width, film.info.height, film.info.channels);
  const got = steady[0]?.brightness;
  expect(Math.sign((got?.left ?? 0) - (got?.right ?? 0))).toBe(Math.sign(expected.left - expected.right));
  expect(Math.abs((got?.left ?? 0) - expected.left)).toBeLessThan(12);
  // The mirror turns it round for the traveller only.
  expect(await page.locator('video').evaluate((video) => getComputedStyle(video).transform)).toBe(
    'matrix(-1, 0, 0, 1, 0, 0)',
  );

  const longTasks = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
  info.annotations.push({ type: 'main-thread tasks over 50 ms', description: JSON.stringify(longTasks) });

  const track = await page
    .locator('video')
    .evaluateHandle((video: HTMLVideoElement) => (video.srcObject as MediaStream).getVideoTracks()[0]);
  await pushView(page, travellerView('pleaseWait'));
  await expect.poll(async () => words(await actionsOf(page))).toEqual(['off', 'live', 'off']);
  expect(await track.evaluate((ended) => ended?.readyState)).toBe('ended');
});

test('before an empty place the camera runs, but sends few frames; all it may as soon as it is told to capture', async ({
  open,
}) => {
  const page = await open('traveller', PORTRAIT);
  // A rate is what is counted here: time has to pass.
  const sentIn = (ms: number) =>
    page.evaluate(async (forMs) => {
      const { frames } = (window as unknown as ScriptedWindow).jointgateTest;
      const before = frames.length;
      await new Promise((resolve) => setTimeout(resolve, forMs));
      return frames.length - before;
    }, ms);
  await pushView(page, travellerView('lookHere', { camera: 'watch' }));
  await page.waitForFunction(() => (window as unknown as ScriptedWindow).jointgateTest.frames.length >= 3);
  const watching = await sentIn(2_000);
  expect(watching).toBeGreaterThanOrEqual(8);
  expect(watching).toBeLessThanOrEqual(12);
  await pushView(page, travellerView('lookHere', { camera: 'capture' }));
  expect(await sentIn(2_000)).toBeGreaterThanOrEqual(26);
  expect(words(await actionsOf(page))).toEqual(['off', 'live']);
});

test('a touch is answered within 100 ms while the camera runs', async ({ open }, info) => {
  const page = await open('traveller', PORTRAIT);
  await pushView(page, travellerView('lookHere'));
  await page.waitForFunction(() => (window as unknown as ScriptedWindow).jointgateTest.frames.length >= 10);
  await page.evaluate(() => {
    const touches: number[] = [];
    Object.assign(window, { touches });
    // From the touch to the next frame painted after its handlers (W3C Event Timing), in steps of 8 ms.
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'click') touches.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  const touches = 20;
  for (let i = 0; i < touches; i++)
    await page.getByRole('button', { name: i % 2 === 0 ? 'Português' : 'English' }).click();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  // A touch faster than 16 ms leaves no entry.
  const slow = (await page.evaluate(() => (window as unknown as { touches: number[] }).touches)).sort((a, b) => a - b);
  const p95 = slow.length <= touches * 0.05 ? 16 : (slow[slow.length - 1 - Math.floor(touches * 0.05)] ?? 16);
  info.annotations.push({ type: 'touch to paint, ms, p95', description: String(p95) });
  expect(p95).toBeLessThanOrEqual(100);
});

for (const [name, word] of [
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'absent'],
  ['NotReadableError', 'failed'],
] as const) {
  test(`a camera that is ${word} is reported`, async ({ open }) => {
    const page = await open('traveller', PORTRAIT, async (fresh) => {
      await fresh.addInitScript((errorName) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('as the test wants it', errorName));
      }, name);
    });
    await pushView(page, travellerView('lookHere'));
    await expect.poll(async () => words(await actionsOf(page))).toEqual(['off', word]);
    await expect(page.locator('.mirror-empty')).toBeVisible();
  });
}

async function firstFilmFrame(): Promise<Buffer> {
  const { readFile } = await import('node:fs/promises');
  const film = await readFile('out/screens-test/specimen.mjpeg');
  const end = film.indexOf(Buffer.from([0xff, 0xd9])) + 2;
  return film.subarray(0, end);
}

function sideBrightness(
  data: Uint8Array,
  width: number,
  height: number,
  channels: number,
): { left: number; right: number } {
  let [left, right] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      const grey = ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
      if (x < width / 2) left += grey;
      else right += grey;
    }
  }
  const pixels = (width * height) / 2;
  return { left: left / pixels, right: right / pixels };
}
