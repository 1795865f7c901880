import type { BrowserContext, Page } from 'playwright';

/** What the script in the page keeps; the harness reads and pushes through it. */
export interface ScriptedWindow {
  jointgateTest: {
    push(view: unknown): void;
    readonly actions: unknown[];
    /** Each frame handed over: when (ms, the page's clock), how large, and how bright its halves are (0..255). */
    readonly frames: {
      atMs: number;
      capturedAtMs: number;
      width: number;
      height: number;
      bytes: number;
      brightness: { left: number; right: number } | null;
    }[];
  };
}

/** Puts a scripted `window.jointgate` before the page's own scripts: it has the methods of all three windows' APIs. */
export async function scriptWindow(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    // Every 61st pixel: counting all would be the slowest thing on the page. A prime, so that columns do not repeat.
    const SAMPLE = 61;
    const halves = ({ width, data }: { width: number; data: Uint8Array }) => {
      const sums = { left: 0, right: 0 };
      for (let at = 0; at < data.length; at += 4 * SAMPLE) {
        const grey = ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
        sums[(at / 4) % width < width / 2 ? 'left' : 'right'] += grey;
      }
      const pixels = data.length / (8 * SAMPLE);
      return { left: sums.left / pixels, right: sums.right / pixels };
    };
    const listeners = new Set<(view: unknown) => void>();
    const state = { last: undefined as unknown, actions: [] as unknown[], frames: [] as unknown[] };
    Object.assign(window, {
      jointgate: {
        onView(listener: (view: unknown) => void) {
          listeners.add(listener);
          if (state.last !== undefined) listener(state.last);
          return () => listeners.delete(listener);
        },
        act: (action: unknown) => state.actions.push(action),
        look: (viewer: unknown) => state.actions.push({ type: 'look', viewer }),
        sendFrame: (frame: { width: number; height: number; capturedAtMs: number; data: Uint8Array }) =>
          state.frames.push({
            // Counting pixels takes time: only now and then.
            brightness: state.frames.length % 20 === 0 ? halves(frame) : null,
            atMs: performance.now(),
            capturedAtMs: frame.capturedAtMs,
            width: frame.width,
            height: frame.height,
            bytes: frame.data.byteLength,
          }),
      },
      jointgateTest: {
        push(view: unknown) {
          state.last = view;
          for (const listener of listeners) listener(view);
        },
        actions: state.actions,
        frames: state.frames,
      },
    });
  });
}

export async function pushView(page: Page, view: unknown): Promise<void> {
  await page.evaluate((pushed) => (window as unknown as ScriptedWindow).jointgateTest.push(pushed), view);
}

export async function actionsOf(page: Page): Promise<unknown[]> {
  return page.evaluate(() => (window as unknown as ScriptedWindow).jointgateTest.actions);
}
