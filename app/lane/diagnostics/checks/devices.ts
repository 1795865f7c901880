import type { LatencySummary } from '../../../../native-bridge/devices/latency-histogram.ts';
import { LatencyHistogram } from '../../../../native-bridge/devices/latency-histogram.ts';
import type { ChipReader } from '../../../../native-bridge/ports/chip-reader.ts';
import type { LostReason } from '../../../../native-bridge/ports/device-error.ts';
import type { DocumentScanner } from '../../../../native-bridge/ports/document-scanner.ts';
import type { EventSource } from '../../../../native-bridge/ports/event-source.ts';
import type { LaneController } from '../../../../native-bridge/ports/lane-controller.ts';
import type { Facts } from '../../../contract/diagnostics-checks.ts';
import { type Found, found } from './timed.ts';

/** For a device to answer after it was plugged in, or after the command opened it. Milliseconds. */
export const READY_WITHIN_MS = 4_000;
/** Questions asked of the door units to tell how fast they answer. */
const ROUND_TRIPS = 5;

type Fitted = EventSource<{ readonly type: string; readonly reason?: LostReason }> & { readonly ready: boolean };

/** Null as soon as it is ready; why it is not after the time: `notThere` when its port never opened or it never spoke. */
function readyWithin(device: Fitted, waitMs: number): Promise<LostReason | 'notThere' | null> {
  if (device.ready) return Promise.resolve(null);
  return new Promise((resolve) => {
    let reason: LostReason | 'notThere' = 'notThere';
    const end = (result: typeof reason | null): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve(result);
    };
    const timer = setTimeout(() => end(reason), waitMs);
    const unsubscribe = device.subscribe((event) => {
      if (event.type === 'ready') end(null);
      else if (event.type === 'lost') reason = event.reason ?? reason;
    });
  });
}

/** A line-stream scanner says nothing by itself: that its port is open is all there is to know until a document is read. */
export async function checkScanner(scanner: DocumentScanner, waitMs: number): Promise<Found> {
  const lost = await readyWithin(scanner, waitMs);
  return lost === null ? found('passed') : found('failed', lost);
}

/** Asks every door unit now: reachable, shut, without a fault, nobody's emergency; and how fast they answer. Opens nothing. */
export async function checkLaneController(doors: LaneController, waitMs: number): Promise<Found> {
  const lost = await readyWithin(doors, waitMs);
  if (lost !== null) return found('failed', lost);
  const latency = new LatencyHistogram();
  for (let asked = 1; ; asked += 1) {
    const startedAt = performance.now();
    const state = await doors.readState();
    if (!state.ok) return found('failed', state.error.code);
    latency.add(performance.now() - startedAt);
    if (asked < ROUND_TRIPS) continue;
    const facts = { doors: state.value.doors.length, ...latencyFacts(latency.summary) };
    if (state.value.emergency) return found('failed', 'emergency', facts);
    const faulty = state.value.doors.find(({ errorBits, mode }) => errorBits !== 0 || mode === 'blocked');
    if (faulty !== undefined) {
      return found('failed', 'doorFault', { ...facts, door: faulty.door, errorBits: faulty.errorBits });
    }
    const open = state.value.doors.find((door) => door.open);
    if (open !== undefined) return found('failed', 'doorOpen', { ...facts, door: open.door });
    return found('passed', null, facts);
  }
}

/** The reader tells its kind and firmware before it counts as ready, so ready is an answer and not only an open port. */
export async function checkChipReader(reader: ChipReader | null, waitMs: number): Promise<Found> {
  if (reader === null) return found('notFitted');
  const lost = await readyWithin(reader, waitMs);
  return lost === null ? found('passed') : found('failed', lost);
}

/** Ready means that it has answered. What the lane can do without makes it no less ready, and is told. */
export async function checkAccessory(device: Fitted | undefined, required: boolean, waitMs: number): Promise<Found> {
  if (device === undefined) return found('notFitted');
  const lost = await readyWithin(device, waitMs);
  return lost === null ? found('passed') : found(required ? 'failed' : 'warning', lost);
}

function latencyFacts({ p50Ms, p95Ms, maxMs }: LatencySummary): Facts {
  // The histogram gives bucket bounds; no answer took longer than the longest.
  const estimate = (bound: number | null): number => Math.round(Math.min(bound ?? maxMs, maxMs) * 10) / 10;
  return { p50Ms: estimate(p50Ms), p95Ms: estimate(p95Ms), maxMs: estimate(maxMs) };
}
