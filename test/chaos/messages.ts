import type { KillPlan } from './kill-switch.ts';

export type ToChild =
  /** Begin to live: open the lane of this profile. The plan counts from here. */
  | { readonly type: 'go'; readonly profile: string; readonly plan: KillPlan | null }
  /** A traveller comes: the plan counts from here. */
  | { readonly type: 'arm'; readonly plan: KillPlan | null }
  | { readonly type: 'close' };

export type FromChild =
  | { readonly type: 'warm' }
  | { readonly type: 'attract' }
  | { readonly type: 'armed' }
  | { readonly type: 'report'; readonly ending: string };
