import type { AlarmEventId } from '../../../contract/audit-events.ts';

/** What an officer does about each alarm. */
export const adviceEn: Readonly<Record<AlarmEventId, string>> = {
  laneProcessDied:
    'Look into the lane: somebody may stand in it. Then open it. If it happens again, call a technician.',
  laneOutOfService: 'Send travellers to another lane. The reason stands beside the lane’s name.',
  recoveryEndedRecord: 'Look into the lane, then open it. If somebody is inside, hand them to the manual lane.',
  deviceLost: 'Check the cable and the power. If it does not come back by itself, call a technician.',
  accessoryLost: 'The lane serves on. Check the cable and the power when it is empty, or call a technician.',
  accessoryFailed: 'The lane serves on. If it happens again, call a technician.',
  scannerGarbage: 'Wipe the reader’s glass. If it goes on, a technician tests the reader.',
  doorFault: 'Keep people away from the door and look what blocks it. A technician tests it before it serves again.',
  unexpectedPassage:
    'Stop the person and check their documents by hand. Keep the lane closed until it is clear how they passed.',
  cameraFailed: 'Send travellers to another lane and call a technician.',
  frozenVideo:
    'Look at the camera: is something held before it, or has its cable been changed? Then call a technician.',
  emergencyPressed: 'Go to the lane and see to the people. Reset the release at the lane, look inside, then open it.',
  modelRefused:
    'The lane stays closed. A technician brings the model that the manifest names, and finds out who changed the file.',
  faceEngineFailed: 'Nothing, if it happens once. If it goes on, close the lane and call a technician.',
  duplicateDocument: 'Look at both lanes: who holds the document? Check both travellers by hand.',
  tailgating: 'Go to the lane. Everybody in it goes to the manual lane.',
  controlUnreachable: 'Travellers are sent to officers meanwhile. If it lasts, call whoever runs that control.',
  controlAnswerInvalid:
    'Keep the lane closed and tell both controls’ administrators: somebody may be speaking for a control.',
  crossingRefused: 'The side that refused sees to the traveller.',
  crossingReferred: 'The owner’s officer opens the referral and sees to the traveller.',
  crossingVoided:
    'The traveller has not passed, or went back: both sides have taken the clearance back. See where they are.',
  lateReceiptAlarm:
    'Both sides compare the record with the lane’s pictures: somebody may have passed without clearance.',
  storeFailed: 'The lane stays closed. A technician checks the disk; nothing that was acknowledged is lost.',
  journalBroken:
    'Keep the lane closed and keep its disk. An auditor runs the verification and names the entry that was changed.',
  noticeFailed: 'Nothing: it is sent again until the control takes it. If it lasts, call whoever runs that control.',
  noticeRefused: 'An administrator of that control finds out why, and settles it by the daily reconciliation.',
  retentionFailed: 'A technician checks the disk: data that should be gone is still there.',
  clearLapsed: 'Compare with the lane: it was cut off, or the traveller never came to the last door.',
  commitWithoutClear: 'Keep the lane closed. Both controls’ administrators compare their records at once.',
  commitAfterLapse: 'The control has counted nobody. Its administrator looks for the traveller and corrects by hand.',
  commitForUnknownRecord: 'Keep the lane closed. Both controls’ administrators compare their records at once.',
  receiptAfterVoid:
    'Both sides compare the record with the lane’s pictures: somebody may have passed without clearance.',
  receiptForUnknownRecord: 'Keep the lane closed. Both controls’ administrators compare their records at once.',
  receiptForged: 'Keep the lane closed: somebody speaks for it. Its key is changed before it serves again.',
  voidAfterReceipt: 'Both sides compare the record: the traveller has passed, and the lane says otherwise.',
  noticeChanged: 'Keep the lane closed: its file or its line was tampered with. An auditor verifies the record.',
  evidenceChanged: 'Keep the lane closed: its file or its line was tampered with. An auditor verifies the record.',
  softwareFault: 'Look into the lane, then open it. Make a support bundle for the engineers if it happens again.',
  officerLockedOut: 'Ask the officer whether it was them. Only an administrator opens the account again.',
  emergencyReleaseOrdered: 'Go to the lane and see to the people. All doors stand open until somebody resets them.',
  hubLost: 'Call whoever runs the hub. An officer may let the lane work alone where the port’s rule allows it.',
  laneOnlyAllowed: 'Remember that duplicates are found only when the hub is back.',
  mergeRefused: 'An administrator of the hub reads why. The lane keeps its records until they are taken.',
  hubDocumentRefused: 'An administrator checks who signed the list. The lane goes on with the former one.',
  technicianRefused: 'Ask who stands at the lane’s cabinet.',
  doorTested: 'Nothing, if a technician is at work there. Otherwise close the lane and go to it.',
  settingsChanged: 'Read what was changed in the audit log, and by whom.',
  settingsRefused:
    'The lane works with its former values. A technician saves the settings anew and finds out who changed the file.',
  testDocumentPresented: 'Take the test document away from the traveller and ask where it comes from.',
};
