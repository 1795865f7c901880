import type { SelfCheck } from '../../app/contract/diagnostics-checks.ts';
import type {
  DeviceHealthView,
  DiagnosticsView,
  TestResult,
  TraceLine,
  Workbench,
} from '../../app/contract/diagnostics-view.ts';
import { LATENCY_BOUNDS_MS } from '../../native-bridge/devices/latency-histogram.ts';
import { NOW } from './console-views.ts';

const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

const device = (changes: Partial<DeviceHealthView> & Pick<DeviceHealthView, 'device'>): DeviceHealthView => ({
  state: 'ready',
  reason: null,
  driver: null,
  timesReady: 1,
  timesLost: 0,
  problems: 0,
  done: 0,
  quietForMs: null,
  latency: null,
  ...changes,
});

const devices: DeviceHealthView[] = [
  device({ device: 'documentScanner', driver: 'lineStream', problems: 14, done: 1284, quietForMs: 48_000 }),
  device({
    device: 'laneController',
    driver: 'modbusTurnstile',
    timesReady: 3,
    timesLost: 2,
    done: 3711,
    quietForMs: 900,
    latency: {
      count: 18_204,
      p50Ms: 32,
      p95Ms: 64,
      maxMs: 812.4,
      boundsMs: [...LATENCY_BOUNDS_MS],
      buckets: [0, 0, 0, 0, 12, 4210, 11_800, 1980, 160, 30, 10, 2, 0, 0, 0],
    },
  }),
  device({ device: 'chipReader', state: 'lost', reason: 'unplugged', driver: 'pn532', timesReady: 2, timesLost: 2 }),
  device({ device: 'faceCamera', driver: 'realSenseId', done: 1201, timesReady: 1, quietForMs: 1_400 }),
  device({ device: 'cameraLight', driver: 'litra', done: 2_410, quietForMs: 52_000 }),
  device({ device: 'cameraTilt', driver: 'visca', done: 1_188, quietForMs: 51_000 }),
  device({ device: 'indicator', driver: 'hidRelay', done: 9_604, timesReady: 1, quietForMs: 700 }),
  device({ device: 'camera', driver: 'getUserMedia' }),
  device({ device: 'faceEngine', driver: 'onnxruntime' }),
];

const TRACE: readonly Pick<TraceLine, 'device' | 'mark' | 'what' | 'detail'>[] = [
  { device: 'laneController', mark: 'state', what: 'ready', detail: 'doors=3' },
  { device: 'laneController', mark: 'out', what: 'closeAllDoors', detail: 'answer=ok ms=64.2' },
  { device: 'laneController', mark: 'out', what: 'setLamp', detail: 'door=1 lamp=red answer=ok ms=21.3' },
  { device: 'documentScanner', mark: 'in', what: 'documentRead', detail: 'lines=2 characters=89' },
  { device: 'documentScanner', mark: 'in', what: 'readProblem', detail: 'code=cut bytes=31' },
  { device: 'chipReader', mark: 'out', what: 'apdu', detail: 'instruction=164 sent=24 received=18 answer=ok ms=14.9' },
  { device: 'chipReader', mark: 'state', what: 'lost', detail: 'reason=unplugged' },
  {
    device: 'laneController',
    mark: 'out',
    what: 'openDoor',
    detail: 'door=2 direction=forward passes=1 answer=ok ms=33',
  },
  { device: 'laneController', mark: 'in', what: 'doorOpened', detail: 'door=2' },
  { device: 'laneController', mark: 'in', what: 'doorClosed', detail: 'door=2' },
];

const trace: TraceLine[] = TRACE.map((line, index) => ({ ...line, number: index + 1, at: ago(40 - index * 4) }));

const results: TestResult[] = [
  {
    test: 'document',
    at: ago(30),
    outcome: 'warning',
    code: 'expired',
    facts: { format: 'TD3', lines: 2 },
    checks: [
      { id: 'mrzCheckDigits', outcome: 'passed', reason: null },
      { id: 'documentValidity', outcome: 'failed', reason: 'expired' },
    ],
  },
  { test: 'door', at: ago(22), outcome: 'passed', code: null, facts: { door: 2, openMs: 3000 }, checks: [] },
  { test: 'door', at: ago(300), outcome: 'failed', code: 'doorOccupied', facts: { door: 3 }, checks: [] },
  {
    test: 'chip',
    at: ago(55),
    outcome: 'failed',
    code: 'signerChain',
    facts: { protocol: 'PACE', files: 6, ms: 2310 },
    checks: [
      { id: 'mrzCheckDigits', outcome: 'passed', reason: null },
      { id: 'documentValidity', outcome: 'passed', reason: null },
      { id: 'mrzMatchesChip', outcome: 'passed', reason: null },
      { id: 'chipAccess', outcome: 'passed', reason: null },
      { id: 'sodSignature', outcome: 'passed', reason: null },
      { id: 'signerChain', outcome: 'failed', reason: 'unknownIssuer' },
      { id: 'signerValidity', outcome: 'notDone', reason: 'unknownIssuer' },
      { id: 'sodMatchesCom', outcome: 'passed', reason: null },
      { id: 'dataGroupHashes', outcome: 'passed', reason: null },
      { id: 'issuingStateMatchesSigner', outcome: 'passed', reason: null },
      { id: 'chipAuthenticity', outcome: 'notSupported', reason: null },
    ],
  },
  {
    test: 'models',
    at: ago(200),
    outcome: 'passed',
    code: null,
    facts: { 'ultraface-rfb-320': 'agrees 0.0e+0', 'faceplugin-feature-512': 'agrees 1.2e-6' },
    checks: [],
  },
  { test: 'sound', at: ago(210), outcome: 'passed', code: null, facts: { volumePercent: 60 }, checks: [] },
  {
    test: 'camera',
    at: ago(215),
    outcome: 'warning',
    code: 'tooDark',
    facts: {
      picture: '1280 x 720',
      framesPerSecond: 29.9,
      brightness: 41,
      darkPercent: 12.3,
      clippedPercent: 0,
      sharpness: 86,
    },
    checks: [],
  },
  {
    test: 'tilt',
    at: ago(230),
    outcome: 'passed',
    code: null,
    facts: { lowestMs: 812, highestMs: 1604, homeMs: 790 },
    checks: [],
  },
  { test: 'indicator', at: ago(240), outcome: 'passed', code: null, facts: { lamp: 'green' }, checks: [] },
  { test: 'pad', at: ago(216), outcome: 'passed', code: 'live', facts: { frames: 3, framesWithFace: 3 }, checks: [] },
];

const check = (
  id: SelfCheck['id'],
  outcome: SelfCheck['outcome'],
  code: string | null,
  facts: SelfCheck['facts'],
): SelfCheck => ({ id, outcome, code, facts, ms: 12.3 });

const checks: SelfCheck[] = [
  check('laneProfile', 'passed', null, { laneId: 'L07', topology: 'threeDoor' }),
  check('documentScanner', 'passed', null, {}),
  check('laneController', 'passed', null, { doors: 3, p50Ms: 32, p95Ms: 64, maxMs: 71.2 }),
  check('chipReader', 'failed', 'unplugged', {}),
  check('camera', 'warning', 'tooDark', { picture: '1280 x 720', framesPerSecond: 29.9, brightness: 41 }),
  check('models', 'passed', null, {
    'ultraface-rfb-320': 'agrees 0.0e+0',
    'faceplugin-landmarks-68': 'agrees 0.0e+0',
    'faceplugin-feature-512': 'agrees 1.2e-6',
    'faceplugin-pad-3': 'agrees 0.0e+0',
    'faceplugin-pose-66': 'agrees 0.0e+0',
    'faceplugin-eyes-2': 'agrees 0.0e+0',
  }),
  check('recordFile', 'passed', null, { megabytes: 148.2, schemaVersion: 3 }),
  check('journal', 'passed', null, { entries: 40_210, records: 3120, checkpoints: 403, unsigned: 10 }),
  check('enrolment', 'passed', null, { megabytes: 61.4, schemaVersion: 1 }),
  check('exitControl', 'passed', null, { megabytes: 12.1, schemaVersion: 1 }),
  check('entryControl', 'passed', null, { megabytes: 12.4, schemaVersion: 1 }),
  check('keys', 'passed', null, {
    'keys/enrolment.hex': 128,
    'keys/lane-signing.pem': 128,
    'keys/port-document.hex': 128,
    'exit/control-exit-signing.pem': 128,
    'entry/control-entry-signing.pem': 128,
    limitDays: 730,
  }),
  check('certificates', 'warning', 'certificateEndsSoon', { 'lane.pem': 12, 'hub-ca.pem': 1810 }),
  check('trustList', 'passed', null, {
    authorities: 412,
    countries: 96,
    documentSigners: 2210,
    revocationLists: 88,
    expiredAuthorities: 14,
    ageDays: 21,
    nextExpiryDays: 9,
    revocationFreshDays: 30,
  }),
  check('settings', 'passed', null, { changed: 2, changedAt: ago(8000), officer: 'T4001', testDocuments: 1 }),
  check('clock', 'passed', null, {
    driftMs: 3,
    watchedS: 86_400,
    timeZone: 'Asia/Macau',
    offsetMinutes: 480,
    machineZone: 'UTC',
    utc: ago(5),
  }),
  check('disk', 'passed', null, { freeMb: 75_980, totalMb: 258_019 }),
];

const setting = (
  id: Workbench['settings'][number]['id'],
  value: number,
  standard: number,
  min: number,
  max: number,
  step: number,
): Workbench['settings'][number] => ({ id, value, standard, min, max, step });

const workbench: Workbench = {
  devices,
  doors: [
    { door: 1, state: 'shut', occupied: false, lamp: 'red', countForward: 1284, countBackward: 41, errorBits: 0 },
    { door: 2, state: 'shut', occupied: false, lamp: 'red', countForward: 1239, countBackward: 6, errorBits: 0 },
    { door: 3, state: 'fault', occupied: true, lamp: 'red', countForward: 1198, countBackward: 0, errorBits: 20 },
  ],
  accessories: {
    lamp: 'red',
    light: { percent: 0, mostPercent: 80 },
    tilt: { degrees: 0, lowestDegrees: -25, highestDegrees: 25, homeDegrees: 0, lowDegrees: -12 },
  },
  trace,
  running: null,
  results,
  readiness: { laneId: 'L07', at: ago(5), ready: false, software: '0.1.0', checks },
  settings: [
    setting('enterTimeout', 9_000, 10_000, 5_000, 10_000, 500),
    setting('faceTimeout', 20_000, 20_000, 8_000, 60_000, 500),
    setting('moveTimeout', 10_000, 10_000, 5_000, 10_000, 500),
    setting('passTimeout', 10_000, 10_000, 5_000, 10_000, 500),
    setting('controlDeadline', 8_000, 8_000, 1_000, 20_000, 500),
    setting('answerTimeout', 12_000, 12_000, 2_000, 30_000, 500),
    setting('showEnd', 4_000, 4_000, 1_000, 15_000, 500),
    setting('cameraSilence', 4_000, 4_000, 1_000, 15_000, 500),
    setting('matchThreshold', 0.66, 0.62, 0.62, 0.95, 0.005),
    setting('liveFrom', 0.7, 0.7, 0.7, 0.99, 0.005),
    setting('spoofBelow', 0.3, 0.3, 0.3, 0.95, 0.005),
    setting('lightStart', 50, 50, 5, 80, 1),
    setting('lightMost', 80, 80, 5, 80, 1),
    setting('tiltHome', 0, 0, -25, 25, 0.5),
    setting('tiltLow', -12, -12, -25, 25, 0.5),
  ],
  settingsFile: { state: 'signed', code: null, changedAt: ago(8000), officer: 'T4001' },
  settingsProblem: null,
  history: [
    { at: ago(22), event: 'doorTested', detail: 'door 2' },
    { at: ago(30), event: 'deviceTested', detail: 'document expired' },
    { at: ago(62), event: 'diagnosticsEntered', detail: null },
    { at: ago(62), event: 'laneOutOfService', detail: 'diagnostics' },
    { at: ago(900), event: 'deviceLost', detail: 'chipReader unplugged' },
    { at: ago(86_400), event: 'laneStarted', detail: null },
  ],
  testDocuments: 1,
  supportBundle: {
    path: '/var/lib/jointgate/L07/support/jointgate-L07-2026-05-08T02-14-55-000Z.zip',
    bytes: 18_422,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    at: ago(5),
  },
};

/** A technician at a lane whose chip reader is gone and whose third door has somebody in it. */
export function diagnosticsView(
  changes: Partial<DiagnosticsView> = {},
  bench: Partial<Workbench> = {},
): DiagnosticsView {
  return {
    laneId: 'L07',
    direction: { from: 'CHN', to: 'MAC' },
    topology: 'threeDoor',
    inService: false,
    outOfServiceReasons: ['diagnostics', 'chipReaderLost'],
    mode: 'inside',
    technician: 'T4001',
    signIn: { busy: false, problem: null, waitSeconds: null },
    notReady: true,
    workbench: { ...workbench, ...bench },
    simulation: { unplugged: [] },
    sequence: 812,
    ...changes,
  };
}

const signedOut: Partial<DiagnosticsView> = { technician: null, workbench: null, notReady: false };

/** Windows before the workbench: nobody signed in, refused, the first PIN, before and while the lane is taken. */
export const GATE_SCENES: readonly { name: string; view: DiagnosticsView }[] = [
  {
    name: 'sign-in',
    view: diagnosticsView({ ...signedOut, mode: 'outside', inService: true, outOfServiceReasons: [] }),
  },
  {
    name: 'sign-in-refused',
    view: diagnosticsView({
      ...signedOut,
      mode: 'outside',
      signIn: { busy: false, problem: 'accountLocked', waitSeconds: 60 },
    }),
  },
  {
    name: 'sign-in-new-pin',
    view: diagnosticsView({
      ...signedOut,
      mode: 'outside',
      signIn: { busy: false, problem: 'pinToBeChanged', waitSeconds: null },
    }),
  },
  {
    name: 'entrance',
    view: diagnosticsView({ mode: 'outside', outOfServiceReasons: ['chipReaderLost'], notReady: false }),
  },
  { name: 'entering', view: diagnosticsView({ mode: 'entering', notReady: false }) },
];

const until = ago(-11);

/** Moments of a test, each on the page where it happens. */
export const RUNNING_SCENES: readonly { name: string; key: string; view: DiagnosticsView }[] = [
  {
    name: 'door-question',
    key: '2',
    view: diagnosticsView({}, { running: { test: 'door', waitsFor: 'confirmation', door: 2, question: 7, until } }),
  },
  {
    name: 'door-open',
    key: '2',
    view: diagnosticsView({}, { running: { test: 'door', waitsFor: 'doorToShut', door: 2, question: 7, until } }),
  },
  {
    name: 'document-awaited',
    key: '1',
    view: diagnosticsView({}, { running: { test: 'document', waitsFor: 'document', door: null, question: 0, until } }),
  },
  {
    name: 'leaving',
    key: 'r',
    view: diagnosticsView(
      { mode: 'leaving', notReady: false },
      { running: { test: 'readiness', waitsFor: 'work', door: null, question: 0, until: null } },
    ),
  },
];
