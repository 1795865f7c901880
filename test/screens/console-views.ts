import { CHECK_IDS } from '../../app/contract/crossing.ts';
import type { Alarm, ReferralView, SupervisorView, TimelineEntry, Viewer } from '../../app/contract/supervisor-view.ts';

/** 8 May 2026, 10:15 in Macao: all times of the specimen views hang on it. */
export const NOW = Date.parse('2026-05-08T02:15:00Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();
const record = (digit: number): string => `0197a3c4-5d6e-7f80-9a1b-2c3d4e5f60${digit}${digit}`;

const checks = (failed: string, reason: string): ReferralView['checks'] =>
  CHECK_IDS.map((id, index) => {
    if (id === failed) return { id, outcome: 'failed', reason };
    if (id === 'chipAuthenticity') return { id, outcome: 'notSupported', reason: null };
    if (id === 'sodMatchesCom' || id === 'signerValidity') return { id, outcome: 'notDone', reason: 'noChipReader' };
    return { id, outcome: index < 15 ? 'passed' : 'notDone', reason: null };
  });

const faceReferral: ReferralView = {
  recordId: record(1),
  owner: 'exit',
  code: 'faceNotMatched',
  since: ago(48),
  place: 'chamberA',
  checks: checks('faceMatch', 'faceNotMatched'),
  answers: [
    { side: 'exit', word: 'waiting', reason: null },
    { side: 'entry', word: 'waiting', reason: null },
  ],
  actions: ['handedToManualLane', 'sentBack'],
  material: 1,
  kept: false,
};

function entryReferral(viewer: Viewer): ReferralView {
  const own = viewer === 'entryOfficer';
  return {
    recordId: record(2),
    owner: 'entry',
    code: 'entryControlReferred',
    since: ago(131),
    place: 'chamberB',
    checks: checks('entryControl', 'refer'),
    answers: [
      { side: 'exit', word: 'clear', reason: null },
      { side: 'entry', word: 'refer', reason: own ? 'quotaExhausted' : null },
    ],
    actions: own ? ['handedToManualLane', 'sentBack'] : [],
    material: own ? 1 : 0,
    kept: false,
  };
}

const alarms: Alarm[] = [
  {
    id: 812,
    event: 'tailgating',
    severity: 'security',
    owner: 'port',
    at: ago(310),
    recordId: record(3),
    detail: 'chamberA',
    count: 1,
  },
  {
    id: 820,
    event: 'crossingReferred',
    severity: 'warning',
    owner: 'exit',
    at: ago(48),
    recordId: record(1),
    detail: 'faceNotMatched',
    count: 1,
  },
  {
    id: 805,
    event: 'deviceLost',
    severity: 'critical',
    owner: 'port',
    at: ago(900),
    recordId: null,
    detail: 'scanner /dev/serial/by-id/usb-specimen',
    count: 3,
  },
  {
    id: 799,
    event: 'noticeFailed',
    severity: 'warning',
    owner: 'port',
    at: ago(2500),
    recordId: record(4),
    detail: 'entry',
    count: 12,
  },
];

const EVENTS = [
  ['crossingReferred', 'faceNotMatched'],
  ['travellerEntered', null],
  ['doorReleased', 'door 1'],
  ['documentIdentified', null],
  ['recordOpened', null],
  ['travellerPassed', null],
  ['doorReleased', 'door 3'],
  ['clearanceCommitted', null],
  ['clearancePrepared', null],
  ['controlAnswered', 'entry'],
  ['controlAnswered', 'exit'],
  ['faceVerified', null],
  ['scannerGarbage', 'tooLong'],
] as const;

const timeline: TimelineEntry[] = EVENTS.map(([event, detail], index) => ({
  at: ago(48 + index * 3),
  owner: 'port',
  event,
  detail,
  recordId: event === 'scannerGarbage' ? null : record(index < 5 ? 1 : 5),
}));

/** A console in the middle of a busy morning, as one viewer sees it. */
export function supervisorView(viewer: Viewer, changes: Partial<SupervisorView> = {}): SupervisorView {
  return {
    laneId: 'L07',
    viewer,
    direction: { from: 'CHN', to: 'MAC' },
    topology: 'threeDoor',
    inService: true,
    outOfServiceReasons: [],
    step: 'seeOfficer',
    stationsReached: 1,
    stepSince: ago(48),
    record: { recordId: record(1), state: 'referred' },
    answers: [
      { side: 'exit', word: 'waiting', reason: null },
      { side: 'entry', word: 'waiting', reason: null },
    ],
    doors: [
      { door: 1, state: 'shut' },
      { door: 2, state: 'shut' },
      { door: 3, state: 'shut' },
    ],
    devices: [
      { name: 'documentScanner', state: 'ready', detail: null },
      { name: 'laneController', state: 'ready', detail: null },
      { name: 'faceCamera', state: 'ready', detail: null },
      { name: 'faceEngine', state: 'ready', detail: null },
      { name: 'recordStore', state: 'ready', detail: null },
    ],
    alarms,
    referrals: [faceReferral, entryReferral(viewer)],
    timeline,
    today: {
      opened: 1284,
      passed: 1198,
      refused: 4,
      referred: 37,
      abandoned: 41,
      voided: 2,
      medianMs: 16_840,
      p95Ms: 27_310,
    },
    sequence: 4211,
    ...changes,
  };
}

/** A lane that needs nobody: a crossing goes through. */
export function calmView(): SupervisorView {
  return supervisorView('portSupervisor', {
    step: 'goThrough',
    stationsReached: 4,
    stepSince: ago(3),
    record: { recordId: record(6), state: 'committed' },
    answers: [
      { side: 'exit', word: 'clear', reason: null },
      { side: 'entry', word: 'clear', reason: null },
    ],
    doors: [
      { door: 1, state: 'shut' },
      { door: 2, state: 'shut' },
      { door: 3, state: 'open' },
    ],
    alarms: [],
    referrals: [],
    timeline: timeline.slice(5),
  });
}

/** A lane out of service with broken things, as the exit officer sees it. */
export function brokenView(): SupervisorView {
  return supervisorView('exitOfficer', {
    inService: false,
    outOfServiceReasons: ['deviceLost', 'modelRefused'],
    step: 'outOfService',
    stationsReached: 0,
    stepSince: ago(903),
    record: null,
    doors: [
      { door: 1, state: 'shut' },
      { door: 2, state: 'fault' },
      { door: 3, state: 'unknown' },
    ],
    devices: [
      { name: 'documentScanner', state: 'lost', detail: 'portClosed' },
      { name: 'laneController', state: 'ready', detail: null },
      { name: 'faceCamera', state: 'starting', detail: null },
      { name: 'faceEngine', state: 'lost', detail: 'hashMismatch fr_feature.onnx' },
      { name: 'recordStore', state: 'ready', detail: null },
    ],
    referrals: [],
  });
}

/** The traveller walks back, is kept all the same, and it takes `officers` of the owning side to release them. */
export function releasableView(officers: 1 | 2): SupervisorView {
  return supervisorView('exitOfficer', {
    referrals: [
      { ...faceReferral, walkingBack: true, kept: true, release: { officers } },
      entryReferral('exitOfficer'),
    ],
  });
}

/** A lane that serves nobody for one reason, with nobody in it. */
function idleView(reason: string, changes: Partial<SupervisorView> = {}): SupervisorView {
  return supervisorView('portSupervisor', {
    inService: false,
    outOfServiceReasons: [reason],
    step: 'outOfService',
    stationsReached: 0,
    stepSince: ago(75),
    record: null,
    alarms: [],
    referrals: [],
    ...changes,
  });
}

const ALL_OPEN: SupervisorView['doors'] = [
  { door: 1, state: 'open' },
  { door: 2, state: 'open' },
  { door: 3, state: 'open' },
];

export const SUPERVISOR_SCENES: readonly { name: string; view: SupervisorView }[] = [
  { name: 'referral-exit-officer', view: supervisorView('exitOfficer') },
  {
    name: 'referral-entry-officer',
    view: supervisorView('entryOfficer', {
      referrals: [entryReferral('entryOfficer')],
      step: 'seeOfficer',
      stationsReached: 3,
    }),
  },
  {
    name: 'referral-other-side',
    view: supervisorView('exitOfficer', { referrals: [entryReferral('exitOfficer')], stationsReached: 3 }),
  },
  { name: 'calm-port', view: calmView() },
  { name: 'broken-exit-officer', view: brokenView() },
  { name: 'walking-back-two-officers', view: releasableView(2) },
  { name: 'closed-reversible', view: idleView('closedByOfficer', { mayReverse: true }) },
  { name: 'without-hub', view: idleView('hubAway', { mayGoAlone: true }) },
  { name: 'blocked', view: idleView('blockedByOfficer', { record: { recordId: record(1), state: 'open' } }) },
  {
    name: 'emergency',
    view: idleView('emergency', { step: 'emergency', doors: ALL_OPEN, alarms: alarms.slice(0, 1) }),
  },
];
