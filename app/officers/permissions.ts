import type { Direction } from '../contract/crossing.ts';
import { type Eyes, type OfficerRole, sideOn } from '../contract/officer-account.ts';
import type { Permission } from '../contract/supervisor-console.ts';
import type { SupervisorAction, Viewer } from '../contract/supervisor-view.ts';

/** What a role may do at all. That a side never acts for the other is asked again of each referral and alarm. */
const PERMISSIONS_OF: Readonly<Record<OfficerRole, readonly Permission[]>> = {
  exitOfficer: ['acknowledge', 'resolve', 'service', 'doors', 'search', 'charts'],
  entryOfficer: ['acknowledge', 'resolve', 'service', 'doors', 'search', 'charts'],
  portSupervisor: ['acknowledge', 'resolve', 'service', 'doors', 'search', 'charts'],
  technician: ['acknowledge', 'service', 'charts', 'diagnostics'],
  auditor: ['search', 'charts', 'audit'],
};

export function permissionsOf(role: OfficerRole): readonly Permission[] {
  return PERMISSIONS_OF[role];
}

export function roleMay(role: OfficerRole, permission: Permission): boolean {
  return PERMISSIONS_OF[role].includes(permission);
}

/** As whom these eyes look at a lane that leads this way: everybody but a side's own officers sees neither side's reasons. */
export function viewerOn(eyes: Eyes, direction: Direction): Viewer {
  const side = sideOn(eyes, direction);
  return side === null ? 'portSupervisor' : `${side}Officer`;
}

const PERMISSION_FOR: Readonly<Record<SupervisorAction['type'], Permission>> = {
  acknowledgeAlarm: 'acknowledge',
  resolveReferral: 'resolve',
  releaseReferral: 'resolve',
  keepReferral: 'resolve',
  addNote: 'resolve',
  setService: 'service',
  allowLaneOnly: 'service',
  blockDoors: 'doors',
  emergencyRelease: 'doors',
  reverseLane: 'doors',
};

export function permissionFor(action: SupervisorAction): Permission {
  return PERMISSION_FOR[action.type];
}
