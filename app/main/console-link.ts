import { writeFile } from 'node:fs/promises';
import { dialog, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { z } from 'zod';
import type { ToLane } from '../contract/lane-messages.ts';
import {
  type ConsoleReply,
  type ConsoleUpdate,
  consoleError,
  consoleRequestSchema,
} from '../contract/supervisor-console.ts';
import { CHANNELS } from '../contract/window-api.ts';
import type { Windows } from './windows.ts';

/** Longer than anything the lane does for a console; a PIN takes a third of a second. */
const REPLY_DEADLINE_MS = 15_000;
const MAX_WAITING = 50;
const MAX_TEXT = 20_000_000;

const savedTextSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$/),
  text: z.string().max(MAX_TEXT),
});

const refused = (code: Parameters<typeof consoleError>[0]): ConsoleReply => ({ ok: false, error: consoleError(code) });

/**
 * Passes what the supervisor's window asks on to the lane and the replies back. Main itself decides nothing: who is signed in
 * and what they may do is the lane's to say, and PINs only go through.
 */
export class ConsoleLink {
  readonly #windows: Windows;
  readonly #toLane: (message: ToLane) => void;
  readonly #waiting = new Map<number, (reply: ConsoleReply) => void>();
  #next = 0;

  constructor(windows: Windows, toLane: (message: ToLane) => void) {
    this.#windows = windows;
    this.#toLane = toLane;
    ipcMain.handle(CHANNELS.supervisorAsk, (event, raw: unknown) => {
      const request = consoleRequestSchema.safeParse(raw);
      return request.success && this.#isOurs(event) ? this.#ask(request.data) : refused('requestInvalid');
    });
    ipcMain.handle(CHANNELS.supervisorSave, (event, raw: unknown) => {
      const text = savedTextSchema.safeParse(raw);
      return text.success && this.#isOurs(event) ? save(text.data) : false;
    });
  }

  reply(id: number, reply: ConsoleReply): void {
    this.#waiting.get(id)?.(reply);
  }

  update(update: ConsoleUpdate): void {
    this.#windows.send('supervisor', CHANNELS.supervisorUpdate, update);
  }

  /** The lane process is gone: whoever waits hears it now, and the screen says that it is old. */
  laneDown(): void {
    for (const settle of [...this.#waiting.values()]) settle(refused('laneAway'));
    this.update({ type: 'connection', connected: false });
  }

  laneUp(): void {
    this.update({ type: 'connection', connected: true });
  }

  #ask(request: z.infer<typeof consoleRequestSchema>): Promise<ConsoleReply> | ConsoleReply {
    if (this.#waiting.size >= MAX_WAITING) return refused('busy');
    this.#next += 1;
    const id = this.#next;
    return new Promise((resolve) => {
      const settle = (reply: ConsoleReply): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(reply);
      };
      const timer = setTimeout(() => settle(refused('tooSlow')), REPLY_DEADLINE_MS);
      this.#waiting.set(id, settle);
      this.#toLane({ type: 'console', id, request });
    });
  }

  #isOurs(event: IpcMainInvokeEvent): boolean {
    return this.#windows.is('supervisor', event.sender) && event.senderFrame === event.sender.mainFrame;
  }
}

async function save({ name, text }: z.infer<typeof savedTextSchema>): Promise<boolean> {
  const { filePath, canceled } = await dialog.showSaveDialog({ defaultPath: name });
  if (canceled || filePath === undefined || filePath === '') return false;
  try {
    await writeFile(filePath, text, { mode: 0o600 });
    return true;
  } catch {
    // Said on the screen by `false`; where it was to go is nobody's business.
    return false;
  }
}
