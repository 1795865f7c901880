import type { DiagnosticsAction } from '../../../contract/diagnostics-actions.ts';
import type { DiagnosticsView, Workbench } from '../../../contract/diagnostics-view.ts';

/** What every page of the workbench is given. */
export interface PageProps {
  readonly view: DiagnosticsView;
  readonly workbench: Workbench;
  readonly act: (action: DiagnosticsAction) => void;
}
