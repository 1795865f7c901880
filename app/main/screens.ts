import type { IpcMainEvent, MessagePortMain } from 'electron';
import { ipcMain } from 'electron';
import type { ZodType } from 'zod';
import type { BenchAction } from '../contract/bench-messages.ts';
import { benchActionSchema } from '../contract/bench-messages.ts';
import { type TravellerAction, type TravellerView, travellerActionSchema } from '../contract/traveller-view.ts';
import { CHANNELS } from '../contract/window-api.ts';
import type { WindowName, Windows } from './windows.ts';

export interface ScreenListener {
  onTraveller(action: TravellerAction): void;
  onBench(action: BenchAction): void;
  onFramePort(port: MessagePortMain): void;
}

/**
 * What windows may say, each on its own channels, checked by schema and by sender: a message from another window, from a
 * sub-frame, or outside the contract is dropped.
 */
export class Screens {
  readonly #windows: Windows;
  #travellerView: TravellerView | null = null;
  #benchView: unknown = null;
  #sequence = 0;

  constructor(windows: Windows, listener: ScreenListener) {
    this.#windows = windows;
    this.#listen('traveller', CHANNELS.travellerAction, travellerActionSchema, (action) =>
      listener.onTraveller(action),
    );
    this.#listen('bench', CHANNELS.benchAction, benchActionSchema, (action) => listener.onBench(action));
    ipcMain.on(CHANNELS.travellerReady, (event) => {
      if (this.#from('traveller', event) && this.#travellerView !== null) this.showTraveller(this.#travellerView);
    });
    ipcMain.on(CHANNELS.benchReady, (event) => {
      if (this.#from('bench', event) && this.#benchView !== null) this.showBench(this.#benchView);
    });
    ipcMain.on(CHANNELS.travellerFramePort, (event) => {
      const [port] = event.ports;
      if (port !== undefined && this.#from('traveller', event)) listener.onFramePort(port);
    });
  }

  showTraveller(view: TravellerView): void {
    // Numbered here: a restarted lane begins again at 0, and the screen shows the newest only.
    this.#sequence += 1;
    this.#travellerView = { ...view, sequence: this.#sequence };
    this.#windows.send('traveller', CHANNELS.travellerView, this.#travellerView);
  }

  showBench(view: unknown): void {
    this.#benchView = view;
    this.#windows.send('bench', CHANNELS.benchView, view);
  }

  #listen<T>(name: WindowName, channel: string, schema: ZodType<T>, act: (value: T) => void): void {
    ipcMain.on(channel, (event, raw: unknown) => {
      const value = schema.safeParse(raw);
      if (value.success && this.#from(name, event)) act(value.data);
    });
  }

  #from(name: WindowName, event: IpcMainEvent): boolean {
    return this.#windows.is(name, event.sender) && event.senderFrame === event.sender.mainFrame;
  }
}
