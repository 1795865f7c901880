import { app, ipcMain } from 'electron';
import { type BenchAction, benchViewSchema } from '../contract/bench-messages.ts';
import { type DiagnosticsAction, diagnosticsActionSchema } from '../contract/diagnostics-actions.ts';
import type { DiagnosticsView } from '../contract/diagnostics-view.ts';
import { CHANNELS } from '../contract/window-api.ts';
import type { Windows } from './windows.ts';

export interface DiagnosticsListener {
  toLane(action: DiagnosticsAction): void;
  /** Null: no demo build, nothing is simulated. */
  readonly simulate: ((action: BenchAction) => void) | null;
}

/**
 * Passes the technician's acts on to the lane and the lane's views back. Main decides nothing: who is signed in and what they may
 * do is the lane's to say. Only the cables of a demonstration are pulled from here, since no lane reaches the other end of its wires.
 */
export class DiagnosticsLink {
  readonly #windows: Windows;
  readonly #listener: DiagnosticsListener;
  #view: DiagnosticsView | null = null;
  #unplugged: NonNullable<DiagnosticsView['simulation']>['unplugged'] = [];

  constructor(windows: Windows, listener: DiagnosticsListener) {
    this.#windows = windows;
    this.#listener = listener;
    ipcMain.on(CHANNELS.diagnosticsAction, (event, raw: unknown) => {
      const action = diagnosticsActionSchema.safeParse(raw);
      const ours = windows.is('diagnostics', event.sender) && event.senderFrame === event.sender.mainFrame;
      if (action.success && ours) this.#act(action.data);
    });
    ipcMain.on(CHANNELS.diagnosticsReady, (event) => {
      if (windows.is('diagnostics', event.sender)) this.#send();
    });
  }

  /** Ctrl+Alt+D in any of our windows opens the technician's; there the sign-in stands first. */
  openByChord(): void {
    app.on('web-contents-created', (_event, contents) => {
      contents.on('before-input-event', (event, input) => {
        if (input.type !== 'keyDown' || !input.control || !input.alt || input.code !== 'KeyD') return;
        event.preventDefault();
        void this.#windows.bringUp('diagnostics');
      });
    });
  }

  show(view: DiagnosticsView): void {
    this.#view = view;
    this.#send();
  }

  bench(raw: unknown): void {
    const view = benchViewSchema.safeParse(raw);
    if (!view.success) return;
    this.#unplugged = view.data.unplugged;
    this.#send();
  }

  /** Nothing is known of a lane whose process is gone, and nobody is signed in to the next one. */
  laneDown(): void {
    if (this.#view === null) return;
    this.#view = {
      ...this.#view,
      inService: false,
      outOfServiceReasons: ['starting'],
      technician: null,
      workbench: null,
    };
    this.#send();
  }

  #act(action: DiagnosticsAction): void {
    if (action.type !== 'simulate') this.#listener.toLane(action);
    // A cable is pulled only by somebody whom the lane has signed in.
    else if (this.#view?.technician != null) this.#listener.simulate?.({ type: action.what, device: action.device });
  }

  #send(): void {
    if (this.#view === null) return;
    const simulation = this.#listener.simulate === null ? null : { unplugged: this.#unplugged };
    this.#windows.send('diagnostics', CHANNELS.diagnosticsView, { ...this.#view, simulation });
  }
}
