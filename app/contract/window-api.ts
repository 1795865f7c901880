import type { BenchAction, BenchView } from './bench-messages.ts';
import type { DiagnosticsAction } from './diagnostics-actions.ts';
import type { DiagnosticsView } from './diagnostics-view.ts';
import type { ConsoleReply, ConsoleRequest, ConsoleUpdate } from './supervisor-console.ts';
import type { CameraFrame, TravellerAction, TravellerView } from './traveller-view.ts';

/** IPC channel names. Each is used by one window only; main refuses a message from any other sender. */
export const CHANNELS = {
  travellerView: 'traveller:view',
  travellerAction: 'traveller:action',
  travellerReady: 'traveller:ready',
  travellerFramePort: 'traveller:frame-port',
  supervisorUpdate: 'supervisor:update',
  supervisorAsk: 'supervisor:ask',
  supervisorSave: 'supervisor:save',
  benchView: 'bench:view',
  benchAction: 'bench:action',
  benchReady: 'bench:ready',
  diagnosticsView: 'diagnostics:view',
  diagnosticsAction: 'diagnostics:action',
  diagnosticsReady: 'diagnostics:ready',
} as const;

/** `window.jointgate` in the traveller window. Views are checked in main before they are sent and again by the screen. */
export interface TravellerApi {
  /** Calls back with the newest view at once when there is one, then with each change. Gives the way to unsubscribe. */
  onView(listener: (view: TravellerView) => void): () => void;
  act(action: TravellerAction): void;
  /** Frames go over a MessagePort straight to the lane. Dropped by the sender while the last one is still on its way. */
  sendFrame(frame: CameraFrame): void;
}

/** `window.jointgate` in the supervisor window; in a browser the same over the hub (`app/renderer/supervisor/hub-api.ts`). */
export interface SupervisorApi {
  /** Calls back with each update; ask `hello` afterwards to get everything that stands now. Gives the way to unsubscribe. */
  onUpdate(listener: (update: ConsoleUpdate) => void): () => void;
  /** One reply each; never rejects: who is gone or too slow is an error of the reply. */
  ask(request: ConsoleRequest): Promise<ConsoleReply>;
  /** Keeps a table as a file where the officer says. False when nothing was kept. */
  saveText(name: string, text: string): Promise<boolean>;
}

/** `window.jointgate` in the demo bench window. */
export interface BenchApi {
  onView(listener: (view: BenchView) => void): () => void;
  act(action: BenchAction): void;
}

/** `window.jointgate` in the technician's window. */
export interface DiagnosticsApi {
  onView(listener: (view: DiagnosticsView) => void): () => void;
  act(action: DiagnosticsAction): void;
}
