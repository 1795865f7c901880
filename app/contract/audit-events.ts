import { z } from 'zod';
import { type Owner, ownerSchema } from './crossing.ts';

/**
 * The audit event registry. Every line an auditor, officer or technician can ever read is declared here once:
 * id, severity, owner, text. The journal stores the id and a few typed facts, never free text and never personal data.
 * `alarm: true` raises an alarm that somebody must acknowledge.
 */
export const SEVERITIES = ['info', 'warning', 'critical', 'security'] as const;
export const severitySchema = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severitySchema>;

export interface AuditEventType {
  readonly severity: Severity;
  readonly owner: Owner;
  readonly alarm: boolean;
  readonly text: string;
}

type Quiet = AuditEventType & { readonly alarm: false };
type Alarming = AuditEventType & { readonly alarm: true };

const info = (text: string): Quiet => ({ severity: 'info', owner: 'port', alarm: false, text });
const warning = (text: string): Quiet => ({ severity: 'warning', owner: 'port', alarm: false, text });
const alarm = (severity: Exclude<Severity, 'info'>, owner: Owner, text: string): Alarming => ({
  severity,
  owner,
  alarm: true,
  text,
});

export const AUDIT_EVENTS = {
  // Lane and its process
  laneStarted: info('The lane process started.'),
  laneStopped: info('The lane process stopped in order, doors shut.'),
  laneProcessDied: alarm('critical', 'port', 'The lane process died and was started again. Doors stayed shut.'),
  laneInService: info('The lane went into service.'),
  laneOutOfService: alarm('critical', 'port', 'The lane went out of service.'),
  recoveryEndedRecord: alarm(
    'warning',
    'port',
    'After a restart, a record that was still live was brought to its end.',
  ),

  // Devices
  deviceReady: info('A device became ready.'),
  deviceLost: alarm('critical', 'port', 'A device stopped answering or was unplugged.'),
  accessoryLost: alarm(
    'warning',
    'port',
    'A device that the lane can do without stopped answering or was unplugged; travellers are served all the same.',
  ),
  accessoryFailed: alarm(
    'warning',
    'port',
    'A device that the lane can do without did not do what it was told; travellers are served all the same.',
  ),
  scannerGarbage: alarm('warning', 'port', 'The document scanner sent data that is no document.'),
  documentUnreadable: info('A document could not be read; the traveller was asked to present it again.'),
  doorFault: alarm('critical', 'port', 'A door reported a fault.'),
  unexpectedPassage: alarm('security', 'port', 'Somebody passed a door that was not released for a crossing.'),
  cameraFailed: alarm('critical', 'port', 'The face camera is denied, absent or gives no picture.'),
  frozenVideo: alarm('security', 'port', 'The face camera shows a picture that does not change.'),
  emergencyPressed: alarm('critical', 'port', 'The emergency release was used.'),
  emergencyEnded: info('The emergency release was reset.'),
  modelRefused: alarm(
    'security',
    'port',
    'A face model file was refused because its hash is wrong or it cannot be loaded.',
  ),
  faceEngineFailed: alarm('critical', 'port', 'The face engine failed and was started again.'),

  // Crossing
  recordOpened: info('A joint record was opened.'),
  documentIdentified: info('The document was resolved to an enrolled profile.'),
  travellerEntered: info('The traveller entered the lane.'),
  faceVerified: info('The live face matched the enrolled portrait.'),
  duplicateDocument: alarm('security', 'port', 'A document of a crossing that is still live was presented again.'),
  tailgating: alarm('security', 'port', 'More than one person entered the lane.'),
  controlAnswered: info('A control answered.'),
  controlUnreachable: alarm('critical', 'port', 'A control did not answer in time or could not be reached.'),
  controlAnswerInvalid: alarm(
    'security',
    'port',
    'A control sent an answer that is malformed, foreign, stale or signed with another key.',
  ),
  clearancePrepared: info('Both controls cleared; the record is prepared.'),
  clearanceCommitted: info('Exit and entry were committed together.'),
  doorReleased: info('A door was released.'),
  travellerPassed: info('The traveller passed the last door.'),
  crossingRefused: alarm('warning', 'port', 'A control refused the crossing.'),
  crossingReferred: alarm('warning', 'port', 'A crossing was referred to an officer.'),
  crossingAbandoned: info('The traveller gave up or walked back before clearance.'),
  crossingVoided: alarm('warning', 'port', 'A committed clearance was voided on both sides.'),
  referralResolved: info('An officer resolved a referral.'),
  lateReceiptAlarm: alarm('security', 'port', 'A passage was reported for a record that is already voided.'),

  // Record and keys
  storeFailed: alarm('critical', 'port', 'The joint record could not be written.'),
  storeRecovered: info('The joint record can be written again.'),
  journalBroken: alarm('security', 'port', 'The journal does not verify.'),
  retentionRun: info('The retention job erased what is past its time.'),
  noticeDelivered: info('A control acknowledged a notice.'),
  noticeFailed: alarm('warning', 'port', 'A notice to a control could not be delivered yet; it stays in the outbox.'),
  noticeRefused: alarm('warning', 'port', 'A control has refused a notice for good; it waits for an administrator.'),
  retentionFailed: alarm('critical', 'port', 'Data past its time could not be erased; it is tried again.'),
  controlDataErased: info('A control erased what is past its time.'),
  rulesChanged: info('An administrator changed a control’s rules.'),
  clearLapsed: alarm('warning', 'port', 'A control learnt of no commit for its clear in time, and voided it.'),
  commitWithoutClear: alarm('security', 'port', 'A control was told of a commit that it had not cleared.'),
  commitAfterLapse: alarm('security', 'port', 'A control was told of a commit or a passage that it had given up on.'),
  commitForUnknownRecord: alarm('security', 'port', 'A control was told of the commit of a record it does not know.'),
  receiptAfterVoid: alarm('security', 'port', 'A control was told of a passage for a record that was voided.'),
  receiptForUnknownRecord: alarm('security', 'port', 'A control was told of a passage for a record it does not know.'),
  receiptForged: alarm('security', 'port', 'A control was given a receipt that its lane has not signed.'),
  voidAfterReceipt: alarm('security', 'port', 'A control was told to void a record whose traveller had passed.'),
  noticeChanged: alarm('security', 'port', 'A control was told the same step twice with different contents.'),
  evidenceChanged: alarm('security', 'port', 'A control was asked about one record with different evidence.'),
  keyCreated: info('A key was created.'),
  keyRotated: info('A key was rotated.'),
  softwareFault: alarm('critical', 'port', 'An unexpected fault happened in the software.'),

  // Officers
  alarmAcknowledged: info('An officer acknowledged an alarm.'),
  serviceChanged: info('An officer opened or closed the lane.'),
  officerSignedIn: info('An officer signed in.'),
  officerSignedOut: info('An officer signed out.'),
  officerSessionEnded: info('A console locked itself, or a session was ended.'),
  officerSignInFailed: warning('A sign-in failed.'),
  officerLockedOut: alarm('security', 'port', 'An account was locked after too many wrong PINs.'),
  officerAuthenticated: info('An officer authenticated again for one action.'),
  secondOfficerConfirmed: info('A second officer of the same side confirmed an action.'),
  officerActionRefused: warning('An officer asked for something that is not theirs to do.'),
  officerAccountAdded: info('An administrator added an officer’s account.'),
  officerAccountClosed: info('An administrator closed an officer’s account.'),
  officerAccountOpened: info('An administrator opened a closed account again.'),
  officerAuthoritySet: info('An administrator bound an officer’s account to an authority.'),
  officerPinReset: info('An administrator gave an officer a new first PIN.'),
  officerPinChanged: info('An officer changed their PIN.'),
  referralKept: info('An officer keeps the traveller in the chamber.'),
  releaseAsked: info('An officer asked to release a traveller.'),
  travellerReleased: warning('Officers of a side released a traveller, who goes on in a new record.'),
  releaseRefused: warning('A release was refused.'),
  noteAdded: info('An officer added a note to a referral.'),
  laneBlocked: warning('An officer blocked the doors, or lifted the block.'),
  laneReversed: warning('An officer reversed the lane; it is closed until somebody has looked and opens it.'),
  emergencyReleaseOrdered: alarm('critical', 'port', 'An officer ordered the emergency release.'),
  recordsSearched: info('An officer searched the joint records.'),
  auditLogRead: info('An auditor read the audit log.'),

  // Hub
  hubDocumentChanged: info('An administrator changed a profile list, rules or a trust list at the hub.'),
  hubLost: alarm('critical', 'port', 'No hub answers; the lane follows its outage policy.'),
  hubBack: info('A hub answers again.'),
  laneOnlyAllowed: alarm('warning', 'port', 'An officer let the lane work without the hub.'),
  recordsMerged: info('Records that were made without the hub were merged.'),
  mergeRefused: alarm('critical', 'port', 'The hub refused what the lane had written without it; it is tried again.'),
  copyFailed: warning('The lane’s own file could not take a copy of a record whose home is the hub.'),
  hubDocumentTaken: info('The lane took profiles, rules or a trust list from the hub.'),
  hubDocumentRefused: alarm('warning', 'port', 'The lane refused profiles, rules or a trust list from the hub.'),

  // Diagnostics
  diagnosticsEntered: info('A technician took the lane out of service for diagnostics.'),
  diagnosticsLeft: info('A technician left diagnostics after the readiness check had passed.'),
  readinessChecked: info('The readiness check was run.'),
  technicianRefused: alarm('security', 'port', 'A sign-in to diagnostics was refused.'),
  deviceTested: info('A technician tested a device.'),
  doorTested: alarm('warning', 'port', 'A technician opened a door for a test.'),
  settingsChanged: alarm('warning', 'port', 'A technician changed a threshold or a delay.'),
  settingsRefused: alarm(
    'security',
    'port',
    'The settings file is damaged or was not signed by this lane; its values are not used.',
  ),
  supportBundleMade: info('A technician made a support bundle.'),
  testDocumentRegistered: info('A technician registered a test document.'),
  testDocumentPresented: alarm('warning', 'port', 'A test document was presented in service; no door was opened.'),
} as const satisfies Record<string, AuditEventType>;

export type AuditEventId = keyof typeof AUDIT_EVENTS;
/** Events that somebody must acknowledge; each has a line that says what to do. */
export type AlarmEventId = {
  [Id in AuditEventId]: (typeof AUDIT_EVENTS)[Id]['alarm'] extends true ? Id : never;
}[AuditEventId];
export const AUDIT_EVENT_IDS = Object.keys(AUDIT_EVENTS) as [AuditEventId, ...AuditEventId[]];
export const auditEventIdSchema = z.enum(AUDIT_EVENT_IDS);

/** Facts of an audit entry: short codes and numbers. */
export const auditFactsSchema = z.record(
  z.string().max(32),
  z.union([z.string().max(200), z.number(), z.boolean(), z.null()]),
);
export type AuditFacts = z.infer<typeof auditFactsSchema>;

export const auditEntrySchema = z.strictObject({
  event: auditEventIdSchema,
  recordId: z.uuid().nullable(),
  /** Whose officers it concerns; defaults to the registry's owner. */
  owner: ownerSchema,
  facts: auditFactsSchema,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
