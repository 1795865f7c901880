import type { Direction } from '../contract/crossing.ts';
import { eyesOf, isOfControl, type Officer, sideOn } from '../contract/officer-account.ts';
import type { Viewer } from '../contract/supervisor-view.ts';
import { viewerOn } from '../officers/permissions.ts';

/** Who acts, as the session of their console (here or at the hub) has proved it. */
export interface ActingOfficer {
  readonly viewer: Viewer;
  readonly officer: string;
  /** Another officer of the same side who stands by this decision. */
  readonly second: string | null;
  /** They have just proved again who they are, for this one action. */
  readonly fresh?: true;
  /** A control's officer, but of neither authority of this lane: sees what the port sees and acts for nobody. */
  readonly onlooker?: true;
}

/** For whom an officer acts at a lane that leads this way: for their own authority's side, whatever side their role is named after. */
export function actingAt(
  direction: Direction,
  by: Officer,
  { second, fresh }: { readonly second: Officer | null; readonly fresh?: true | undefined },
): ActingOfficer {
  const eyes = eyesOf(by);
  return {
    viewer: viewerOn(eyes, direction),
    officer: by.officer,
    second: second?.officer ?? null,
    ...(fresh === undefined ? {} : { fresh }),
    ...(isOfControl(by.role) && sideOn(eyes, direction) === null ? { onlooker: true } : {}),
  };
}
