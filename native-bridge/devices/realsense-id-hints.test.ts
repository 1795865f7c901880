import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeRealSenseId, RealSenseIdDeframer } from '../framing/realsense-id-packet.ts';
import type { FaceCameraEvent } from '../ports/face-camera.ts';
import { systemTiming } from '../ports/timing.ts';
import { adviceOf, faceMessage, REALSENSE_ID, REALSENSE_STATUS, verdictOf } from '../protocol/realsense-id.ts';
import { FakeLink } from '../transport/fake-link.ts';
import { RealSenseIdCamera } from './realsense-id-camera.ts';

let link: FakeLink;
let camera: RealSenseIdCamera;
let events: FaceCameraEvent[];
/** The statuses that are said as hints in the next look, and the one that it ends with. */
let script: { hints: readonly number[]; result: number };

const bytes = (id: string, sequence: number, status: number): Uint8Array =>
  encodeRealSenseId(faceMessage(id, sequence, status));

/** What is on the wire after a request, packet by packet. */
function answersTo(heard: Uint8Array): Uint8Array[] {
  return new RealSenseIdDeframer().push(heard).messages.flatMap((packet) => {
    if (packet.id === REALSENSE_ID.ping) return [encodeRealSenseId(packet)];
    if (packet.id === REALSENSE_ID.startSession)
      return [encodeRealSenseId({ id: packet.id, sequence: 0, body: new Uint8Array(0) })];
    if (packet.id !== REALSENSE_ID.detectSpoof) return [];
    const { hints, result } = script;
    return [
      ...hints.map((status, index) => bytes(REALSENSE_ID.hint, index + 1, status)),
      bytes(REALSENSE_ID.result, hints.length + 1, result),
      bytes(REALSENSE_ID.reply, hints.length + 2, REALSENSE_STATUS.ok),
    ];
  });
}

beforeEach(async () => {
  link = new FakeLink();
  link.reaction = (heard) => answersTo(heard);
  camera = new RealSenseIdCamera({ opener: link, timing: systemTiming });
  events = [];
  camera.subscribe((event) => events.push(event));
  camera.start();
  await vi.waitFor(() => expect(camera.ready).toBe(true), { timeout: 2_000, interval: 1 });
});
afterEach(() => camera.close());

test.each([
  [8, 'offCentre'],
  [9, 'offCentre'],
  [10, 'offCentre'],
  [11, 'offCentre'],
  [12, 'turnedAway'],
  [15, 'turnedAway'],
  [16, 'turnedAway'],
  [50, 'sunglasses'],
  [51, 'mask'],
  [61, 'tooFar'],
  [63, 'tooClose'],
] as const)('status %i on the wire asks for %s, and nobody there is judged', async (status, advice) => {
  script = { hints: [status], result: status };
  expect(await camera.detectSpoof()).toEqual({ ok: true, value: 'noFace' });
  expect(events.filter(({ type }) => type === 'hint')).toEqual([{ type: 'hint', advice, hint: status }]);
});

test('what asks nothing of a traveller is told as such, in the order of the wire', async () => {
  script = { hints: [17, 2, 61, 18], result: REALSENSE_STATUS.success };
  expect(await camera.detectSpoof()).toEqual({ ok: true, value: 'live' });
  expect(events.flatMap((event) => (event.type === 'hint' ? [event.advice] : []))).toEqual([
    null,
    null,
    'tooFar',
    null,
  ]);
});

test('a distance that it could not measure is nobody judged; a fault is a fault', async () => {
  script = { hints: [], result: 62 };
  expect(await camera.detectSpoof()).toEqual({ ok: true, value: 'noFace' });
  script = { hints: [], result: REALSENSE_STATUS.deviceError };
  expect(await camera.detectSpoof()).toMatchObject({ ok: false, error: { code: 'deviceRejected' } });
});

test('no status but success is ever a living face, and what asks for something is never judged', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), (status) => {
      expect(verdictOf(status) === 'live').toBe(status === 0);
      if (adviceOf(status) !== null) expect(verdictOf(status)).toBe('noFace');
    }),
  );
});
