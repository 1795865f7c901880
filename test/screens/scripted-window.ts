import type { BrowserContext, Page } from 'playwright';

/** What the script in the page keeps; the harness reads and pushes through it. */
export interface ScriptedWindow {
  jointgateTest: {
    push(view: unknown): void;
    /** The supervisor's window: an update as the lane would send it. */
    pushUpdate(update: unknown): void;
    /** The supervisor's window: what a request of this type is answered with; `done` without. */
    answer(type: string, reply: unknown): void;
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
    const updates = new Set<(update: unknown) => void>();
    const answers = new Map<string, unknown>();
    const unsaid = ['hello', 'active', 'pictures', 'focus'];
    const state = { last: undefined as unknown, actions: [] as unknown[], frames: [] as unknown[] };
    Object.assign(window, {
      jointgate: {
        onView(listener: (view: unknown) => void) {
          listeners.add(listener);
          if (state.last !== undefined) listener(state.last);
          return () => listeners.delete(listener);
        },
        act: (action: unknown) => state.actions.push(action),
        onUpdate(listener: (update: unknown) => void) {
          updates.add(listener);
          return () => updates.delete(listener);
        },
        ask(request: { type: string }) {
          if (!unsaid.includes(request.type)) state.actions.push(request);
          return Promise.resolve(answers.get(request.type) ?? { ok: true, value: { type: 'done' } });
        },
        saveText: (name: string, text: string) => {
          state.actions.push({ type: 'save', name, text });
          return Promise.resolve(true);
        },
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
        pushUpdate(update: unknown) {
          for (const listener of updates) listener(update);
        },
        answer: (type: string, reply: unknown) => answers.set(type, reply),
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

export async function pushUpdate(page: Page, update: unknown): Promise<void> {
  await page.evaluate((pushed) => (window as unknown as ScriptedWindow).jointgateTest.pushUpdate(pushed), update);
}

export async function answerWith(page: Page, type: string, value: unknown): Promise<void> {
  await page.evaluate(
    ([name, answer]) =>
      (window as unknown as ScriptedWindow).jointgateTest.answer(name as string, { ok: true, value: answer }),
    [type, value],
  );
}

export async function refuseWith(page: Page, type: string, code: string, more: object = {}): Promise<void> {
  await page.evaluate(
    ([name, error]) => (window as unknown as ScriptedWindow).jointgateTest.answer(name as string, { ok: false, error }),
    [type, { code, waitSeconds: null, by: null, ...more }] as const,
  );
}
