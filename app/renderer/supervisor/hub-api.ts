import { CONSOLE_HEADER, CONSOLE_PATHS } from '../../contract/hub-protocol.ts';
import { type ConsoleReply, type ConsoleUpdate, consoleError } from '../../contract/supervisor-console.ts';
import type { SupervisorApi } from '../../contract/window-api.ts';

/** Longer than the hub takes for a lane; a browser's own limit is minutes. */
const REPLY_DEADLINE_MS = 20_000;
/** So long a request waits for the stream of updates, a browser's next try included. */
const STREAM_DEADLINE_MS = 6_000;

const refused = (code: Parameters<typeof consoleError>[0]): ConsoleReply => ({ ok: false, error: consoleError(code) });

/**
 * The console in a browser, served by the hub: requests by fetch, updates as server-sent events, the session in a cookie that
 * this page cannot read. The same words as in the lane's own window.
 */
export function hubApi(): SupervisorApi {
  const stream = new Gate();
  return {
    onUpdate: (listener) => {
      const source = new EventSource(CONSOLE_PATHS.updates);
      let lost = false;
      source.addEventListener('update', ({ data }: MessageEvent<string>) =>
        listener(JSON.parse(data) as ConsoleUpdate),
      );
      source.addEventListener('open', () => {
        stream.open();
        if (lost) listener({ type: 'connection', connected: true });
        lost = false;
      });
      // The browser tries again by itself, a little later each time.
      source.addEventListener('error', () => {
        stream.close();
        if (!lost) listener({ type: 'connection', connected: false });
        lost = true;
      });
      return () => source.close();
    },
    ask: async (request) => {
      // The stream's answer brings the cookie. A request beside it would be given a session of its own, which nobody hears of.
      if (!(await stream.isOpen(STREAM_DEADLINE_MS))) return refused('laneAway');
      try {
        const answer = await fetch(CONSOLE_PATHS.requests, {
          method: 'POST',
          headers: { 'content-type': 'application/json', [CONSOLE_HEADER]: '1' },
          body: JSON.stringify(request),
          credentials: 'same-origin',
          cache: 'no-store',
          signal: AbortSignal.timeout(REPLY_DEADLINE_MS),
        });
        if (answer.status === 401) return refused('signInNeeded');
        if (answer.status === 429) return refused('busy');
        if (!answer.ok) return refused(answer.status >= 500 ? 'storeFailed' : 'requestInvalid');
        return (await answer.json()) as ConsoleReply;
      } catch (cause) {
        return refused(cause instanceof DOMException && cause.name === 'TimeoutError' ? 'tooSlow' : 'laneAway');
      }
    },
    saveText: async (name, text) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
      link.download = name;
      link.click();
      // After the browser has taken it.
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      return true;
    },
  };
}

/** Who comes while it is closed waits. */
class Gate {
  #opened = false;
  readonly #waiting = new Set<() => void>();

  open(): void {
    this.#opened = true;
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }

  close(): void {
    this.#opened = false;
  }

  /** False: it stayed closed for so long. */
  async isOpen(limitMs: number): Promise<boolean> {
    if (this.#opened) return true;
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(go);
        resolve(false);
      }, limitMs);
      this.#waiting.add(go);
    });
  }
}
