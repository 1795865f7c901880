import type { Owner } from '../../contract/crossing.ts';
import type { Viewer } from '../../contract/supervisor-view.ts';

/** Which key looks as whom. */
export const VIEWER_KEYS: Readonly<Record<Viewer, string>> = {
  exitOfficer: 'x',
  entryOfficer: 'n',
  portSupervisor: 'p',
};
export const VIEWERS = Object.keys(VIEWER_KEYS) as readonly Viewer[];

/** Whose hue a viewer has. */
export const VIEWER_OWNER: Readonly<Record<Viewer, Owner>> = {
  exitOfficer: 'exit',
  entryOfficer: 'entry',
  portSupervisor: 'port',
};
