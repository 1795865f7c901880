import type { BenchAction, BenchView } from './bench-messages.ts';
import type { DiagnosticsAction } from './diagnostics-actions.ts';
import type { DiagnosticsView } from './diagnostics-view.ts';
import type { SupervisorAction, SupervisorView, Viewer } from './supervisor-view.ts';
import type { CameraFrame, TravellerAction, TravellerView } from './traveller-view.ts';

/** IPC channel names. Each is used by one window only; main refuses a message from any other sender. */
export const CHANNELS = {
  travellerView: 'traveller:view',
  travellerAction: 'traveller:action',
  travellerReady: 'traveller:ready',
  travellerFramePort: 'traveller:frame-port',
  supervisorView: 'supervisor:view',
  supervisorAction: 'supervisor:action',
  supervisorViewer: 'supervisor:viewer',
  supervisorReady: 'supervisor:ready',
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

/** `window.jointgate` in the supervisor window. */
export interface SupervisorApi {
  onView(listener: (view: SupervisorView) => void): () => void;
  act(action: SupervisorAction): void;
  /** Looks as another officer: which side's reasons are shown and which referrals may be resolved. */
  look(viewer: Viewer): void;
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
