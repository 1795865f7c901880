import { z } from 'zod';
import { type AuditEventId, auditEventIdSchema } from './audit-events.ts';
import { checkSchema, directionSchema, topologySchema } from './crossing.ts';
import { factsSchema, readinessReportSchema, selfOutcomeSchema } from './diagnostics-checks.ts';
import { settingsFileViewSchema, settingViewSchema } from './diagnostics-settings.ts';

/** What only some lanes have. */
export const ACCESSORIES = ['faceCamera', 'cameraLight', 'cameraTilt', 'indicator'] as const;
export type AccessoryName = (typeof ACCESSORIES)[number];

/** The devices of the plan; `camera` and `faceEngine` are watched by the lane, the others by their drivers. */
export const DIAGNOSED_DEVICES = [
  'documentScanner',
  'laneController',
  'chipReader',
  ...ACCESSORIES,
  'camera',
  'faceEngine',
] as const;
export const diagnosedDeviceSchema = z.enum(DIAGNOSED_DEVICES);
export type DiagnosedDevice = z.infer<typeof diagnosedDeviceSchema>;

export const deviceHealthSchema = z.strictObject({
  device: diagnosedDeviceSchema,
  state: z.enum(['starting', 'ready', 'lost', 'flapping', 'closed', 'notFitted']),
  reason: z.string().max(40).nullable(),
  /** Driver and where it is plugged in. */
  driver: z.string().max(40).nullable(),
  timesReady: z.int().min(0),
  timesLost: z.int().min(0),
  problems: z.int().min(0),
  /** What this device is for: documents read, doors opened, chips found, orders carried out. */
  done: z.int().min(0),
  quietForMs: z.number().min(0).nullable(),
  latency: z
    .strictObject({
      count: z.int().min(0),
      p50Ms: z.number().nullable(),
      p95Ms: z.number().nullable(),
      maxMs: z.number(),
      /** Upper bounds in milliseconds; the last bucket is open. */
      boundsMs: z.array(z.number()).max(40),
      buckets: z.array(z.int()).max(41),
    })
    .nullable(),
});
export type DeviceHealthView = z.infer<typeof deviceHealthSchema>;

/** One line of the live trace: verbs, codes, lengths and times, and nothing that was read. */
export const traceLineSchema = z.strictObject({
  number: z.int().min(1),
  at: z.iso.datetime(),
  device: diagnosedDeviceSchema,
  /** `out`: we asked. `in`: the device said. `state`: it came or went. */
  mark: z.enum(['out', 'in', 'state']),
  what: z.string().max(40),
  detail: z.string().max(120),
});
export type TraceLine = z.infer<typeof traceLineSchema>;

export const DEVICE_TESTS = [
  'document',
  'chip',
  'door',
  'lamp',
  'camera',
  'sound',
  'pad',
  'models',
  // Of what only some lanes have.
  'indicator',
  'light',
  'tilt',
  'faceCamera',
] as const;
export const deviceTestSchema = z.enum(DEVICE_TESTS);
export type DeviceTest = z.infer<typeof deviceTestSchema>;

export const testResultSchema = z.strictObject({
  test: deviceTestSchema,
  at: z.iso.datetime(),
  outcome: selfOutcomeSchema,
  code: z.string().max(40).nullable(),
  facts: factsSchema,
  /** Document and chip tests: which check came out how, and no value. */
  checks: z.array(checkSchema).max(40),
});
export type TestResult = z.infer<typeof testResultSchema>;

/** What is under way and what it waits for. */
export const runningTestSchema = z.strictObject({
  test: z.enum([...DEVICE_TESTS, 'readiness', 'supportBundle', 'settings']),
  waitsFor: z.enum(['document', 'chip', 'confirmation', 'doorToShut', 'work']),
  /** Of a door test: the door, and the number of the question that has to be confirmed. */
  door: z.int().min(1).max(3).nullable(),
  question: z.int().min(0),
  until: z.iso.datetime().nullable(),
});
export type RunningTest = z.infer<typeof runningTestSchema>;

export const diagnosedDoorSchema = z.strictObject({
  door: z.int().min(1).max(3),
  state: z.enum(['shut', 'open', 'fault', 'unknown']),
  occupied: z.boolean(),
  lamp: z.enum(['off', 'red', 'amber', 'green']).nullable(),
  countForward: z.int().min(0),
  countBackward: z.int().min(0),
  errorBits: z.int().min(0),
});
export type DiagnosedDoor = z.infer<typeof diagnosedDoorSchema>;

const degreesSchema = z.number().min(-90).max(90);
const percentSchema = z.number().min(0).max(100);

/** What stands around the lane, as it was last told to be, and what it may be told; null: not fitted. */
export const accessoriesViewSchema = z.strictObject({
  lamp: z.enum(['off', 'red', 'amber', 'green']).nullable(),
  light: z.strictObject({ percent: percentSchema, mostPercent: percentSchema }).nullable(),
  tilt: z
    .strictObject({
      degrees: degreesSchema,
      lowestDegrees: degreesSchema,
      highestDegrees: degreesSchema,
      homeDegrees: degreesSchema,
      lowDegrees: degreesSchema,
    })
    .nullable(),
});
export type AccessoriesView = z.infer<typeof accessoriesViewSchema>;

/** What a technician may read of the lane's diary: the machine's own life, nobody's crossing. */
export const MACHINE_EVENTS = [
  'laneStarted',
  'laneStopped',
  'laneProcessDied',
  'laneInService',
  'laneOutOfService',
  'deviceReady',
  'deviceLost',
  'accessoryLost',
  'accessoryFailed',
  'scannerGarbage',
  'doorFault',
  'unexpectedPassage',
  'cameraFailed',
  'emergencyPressed',
  'modelRefused',
  'faceEngineFailed',
  'storeFailed',
  'storeRecovered',
  'journalBroken',
  'retentionRun',
  'keyCreated',
  'keyRotated',
  'softwareFault',
  'serviceChanged',
  'diagnosticsEntered',
  'diagnosticsLeft',
  'readinessChecked',
  'technicianRefused',
  'deviceTested',
  'doorTested',
  'settingsChanged',
  'settingsRefused',
  'supportBundleMade',
  'testDocumentRegistered',
  'testDocumentPresented',
] as const satisfies readonly AuditEventId[];

export const historyLineSchema = z.strictObject({
  at: z.iso.datetime(),
  event: auditEventIdSchema,
  detail: z.string().max(100).nullable(),
});

/** Only for a technician who is signed in. */
export const workbenchSchema = z.strictObject({
  devices: z.array(deviceHealthSchema).max(10),
  doors: z.array(diagnosedDoorSchema).max(3),
  accessories: accessoriesViewSchema,
  trace: z.array(traceLineSchema).max(200),
  running: runningTestSchema.nullable(),
  results: z.array(testResultSchema).max(20),
  readiness: readinessReportSchema.nullable(),
  settings: z.array(settingViewSchema).max(40),
  settingsFile: settingsFileViewSchema,
  /** Why the last settings were not saved. */
  settingsProblem: z.string().max(40).nullable(),
  history: z.array(historyLineSchema).max(60),
  testDocuments: z.int().min(0),
  supportBundle: z
    .strictObject({ path: z.string().max(500), bytes: z.int(), sha256: z.string().length(64), at: z.iso.datetime() })
    .nullable(),
});
export type Workbench = z.infer<typeof workbenchSchema>;

/**
 * - `outside`: the lane is the travellers'
 * - `entering`: no new traveller is let in; the crossing under way is finished first
 * - `inside`: out of service and in the technician's hands
 * - `leaving`: the readiness check decides
 */
export const DIAGNOSTICS_MODES = ['outside', 'entering', 'inside', 'leaving'] as const;

export const diagnosticsViewSchema = z.strictObject({
  laneId: z.string().max(32),
  direction: directionSchema,
  topology: topologySchema,
  inService: z.boolean(),
  outOfServiceReasons: z.array(z.string().max(64)).max(40),
  mode: z.enum(DIAGNOSTICS_MODES),
  technician: z.string().max(16).nullable(),
  signIn: z.strictObject({
    busy: z.boolean(),
    problem: z.string().max(40).nullable(),
    waitSeconds: z.int().min(0).nullable(),
  }),
  /** Why the lane was not given back: the ids of the checks that failed are in the readiness report. */
  notReady: z.boolean(),
  workbench: workbenchSchema.nullable(),
  /** Filled in by main in demo builds: which simulated devices are unplugged. */
  simulation: z.strictObject({ unplugged: z.array(z.enum(['scanner', 'laneController'])) }).nullable(),
  sequence: z.int().min(0),
});
export type DiagnosticsView = z.infer<typeof diagnosticsViewSchema>;
