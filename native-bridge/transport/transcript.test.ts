import { expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { ModbusBus } from '../devices/modbus-bus.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { FakeLink } from './fake-link.ts';
import { LINK_DELAYS } from './resilient-link.ts';
import { ReplayLink, recordingOpener } from './transcript.ts';

const TIMES = { interFrameGapMs: 0, responseTimeoutMs: 100 };
/** Unit 1: register 0x40 is read, then 1 is written to it. */
const SESSION = `
  => 0103 0040 0001 85de
  <= 0103 02 0000 b844
  => 0106 0040 0001 49de
  <= 0106 0040 0001 49de
`;

async function busOver(link: ReplayLink) {
  const timing = new ManualTiming();
  const bus = new ModbusBus(link, timing, TIMES, LINK_DELAYS, { up: () => {}, down: () => {} });
  bus.start();
  await timing.advance(0);
  return { bus, timing };
}

test('a driver replays a session from its transcript', async () => {
  const replay = new ReplayLink(SESSION);
  const { bus } = await busOver(replay);
  expect(unwrap(await bus.request(1, { kind: 'read', address: 0x40, count: 1 }, 1))).toEqual({
    kind: 'read',
    values: [0],
  });
  unwrap(await bus.request(1, { kind: 'writeOne', address: 0x40, value: 1 }, 1));
  replay.assertFinished();
});

test('a surprise and a leftover both fail the test', async () => {
  const surprised = new ReplayLink(SESSION);
  const { bus, timing } = await busOver(surprised);
  const asked = bus.request(2, { kind: 'read', address: 0x40, count: 1 }, 1);
  await timing.advance(500);
  expect((await asked).ok).toBe(false);
  expect(() => surprised.assertFinished()).toThrow(/the driver wrote 0203/);
  expect(() => new ReplayLink(SESSION).assertFinished()).toThrow(/4 steps/);
});

test('a recording of a passport reader has no byte of it', async () => {
  const fake = new FakeLink();
  const lines: string[] = [];
  const timing = new ManualTiming();
  const opener = recordingOpener(fake, 'lengths', timing, (line) => lines.push(line));
  const link = unwrap(await opener.open({ received: () => {}, closed: () => {} }));
  await link.write(Uint8Array.of(1, 2, 3));
  fake.say(new TextEncoder().encode('P<UTOERIKSSON'));
  fake.unplug();
  expect(lines.map((line) => line.trim())).toEqual([
    '0.0 !! opened',
    '0.0 => 3 bytes',
    '0.0 <= 13 bytes',
    '0.0 !! closed',
  ]);
});

test('a recording of doors can be replayed', async () => {
  const fake = new FakeLink();
  fake.reaction = () => Uint8Array.of(0xaa, 0xbb);
  const lines: string[] = [];
  const link = unwrap(
    await recordingOpener(fake, 'bytes', new ManualTiming(), (line) => lines.push(line)).open({
      received: () => {},
      closed: () => {},
    }),
  );
  await link.write(Uint8Array.of(1, 2));
  const replay = new ReplayLink(lines.join('\n'));
  const heard: number[] = [];
  const replayed = unwrap(await replay.open({ received: (bytes) => heard.push(...bytes), closed: () => {} }));
  await replayed.write(Uint8Array.of(1, 2));
  expect(heard).toEqual([0xaa, 0xbb]);
  replay.assertFinished();
});
