import type { ControlKeys } from '../../../app/record/clearance-check.ts';

/** What the story tells the lane's process. */
export type ToLane =
  | { readonly type: 'build'; readonly folder: string; readonly hubUrl: string; readonly tls: LaneTls }
  | { readonly type: 'open' }
  /** A member of the cast comes with the own document, and with another person's face if one is named. */
  | { readonly type: 'come'; readonly id: string; readonly person: string | null }
  /** Answered when the traveller's screen shows that the lane serves nobody. */
  | { readonly type: 'awaitClosed' };

/** Files. */
export interface LaneTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** What it answers. */
export type FromLane =
  | { readonly type: 'built'; readonly controlKeys: ControlKeys }
  | { readonly type: 'serves' }
  | { readonly type: 'over'; readonly state: string }
  | { readonly type: 'closed' };
