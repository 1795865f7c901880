import type { Viewer } from '../contract/supervisor-view.ts';

/** Who acts, as the session of their console (here or at the hub) has proved it. */
export interface ActingOfficer {
  readonly viewer: Viewer;
  readonly officer: string;
  /** Another officer of the same side who stands by this decision. */
  readonly second: string | null;
  /** They have just proved again who they are, for this one action. */
  readonly fresh?: true;
}
