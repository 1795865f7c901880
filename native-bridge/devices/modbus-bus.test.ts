import { expect, test } from 'vitest';
import { encodeResponse, type ModbusRequest, type ModbusResponse } from '../framing/modbus-pdu.ts';
import { encodeRtu } from '../framing/modbus-rtu.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { FakeLink } from '../transport/fake-link.ts';
import { LINK_DELAYS } from '../transport/resilient-link.ts';
import { ModbusBus } from './modbus-bus.ts';

const TIMES = { interFrameGapMs: 5, responseTimeoutMs: 100 };
const READ: ModbusRequest = { kind: 'read', address: 0x40, count: 1 };
const frame = (response: ModbusResponse, unit = 1): Uint8Array => encodeRtu(unit, encodeResponse(response));
const answer = (value: number): Uint8Array => frame({ kind: 'read', values: [value] });

async function openBus() {
  const fake = new FakeLink();
  const timing = new ManualTiming();
  const log: string[] = [];
  const bus = new ModbusBus(fake, timing, TIMES, LINK_DELAYS, {
    up: () => log.push('up'),
    down: (reason) => log.push(reason),
  });
  bus.start();
  await timing.advance(0);
  return { fake, timing, bus, log };
}

test('a request and its answer', async () => {
  const { fake, bus } = await openBus();
  fake.reaction = () => answer(7);
  expect(await bus.request(1, READ, 1)).toEqual({ ok: true, value: { kind: 'read', values: [7] } });
  expect(fake.takeHeard()).toHaveLength(1);
});

test('silence: asked again once, then a timeout; the bus works when the unit is back', async () => {
  const { fake, timing, bus } = await openBus();
  const asked = bus.request(1, READ, 2);
  await timing.advance(1_000);
  expect(await asked).toEqual({ ok: false, error: { code: 'deviceTimeout', timeoutMs: 100 } });
  expect(fake.takeHeard()).toHaveLength(2);
  fake.reaction = () => answer(1);
  const again = bus.request(1, READ, 1);
  await timing.advance(200);
  expect((await again).ok).toBe(true);
});

test('an exception is an answer: no second attempt', async () => {
  const { fake, bus } = await openBus();
  fake.reaction = () => frame({ kind: 'exception', functionCode: 3, exceptionCode: 2 });
  expect(await bus.request(1, READ, 3)).toEqual({ ok: false, error: { code: 'deviceRejected', detail: 2 } });
  expect(fake.takeHeard()).toHaveLength(1);
});

test('each single bit flipped in an answer is noticed, and the second attempt succeeds', async () => {
  const good = answer(0x1234);
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    const { fake, timing, bus } = await openBus();
    const bad = Uint8Array.from(good);
    bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    let turn = 0;
    fake.reaction = () => {
      turn += 1;
      return turn === 1 ? bad : good;
    };
    const asked = bus.request(1, READ, 2);
    await timing.advance(300);
    expect(await asked, `bit ${bit}`).toEqual({ ok: true, value: { kind: 'read', values: [0x1234] } });
  }
});

test.each([
  ['half a frame', [answer(7).slice(0, 4)]],
  ['noise', [Uint8Array.of(1, 2, 3, 0xff, 0xfe)]],
  ['the answer of another unit', [frame({ kind: 'read', values: [7] }, 2)]],
  ['an answer with another count', [frame({ kind: 'read', values: [7, 8] })]],
])('%s is garbled, not an answer', async (_, chunks) => {
  const { fake, timing, bus } = await openBus();
  fake.reaction = () => chunks;
  const asked = bus.request(1, READ, 1);
  await timing.advance(300);
  expect(await asked).toEqual({ ok: false, error: { code: 'deviceGarbled' } });
});

test('noise before the answer, and two answers glued, give the first right one', async () => {
  const { fake, bus } = await openBus();
  fake.reaction = () => Uint8Array.from([0xff, 0x01, 0x03, ...answer(7), ...answer(8)]);
  expect(await bus.request(1, READ, 1)).toEqual({ ok: true, value: { kind: 'read', values: [7] } });
});

test('an answer after its timeout is never taken for the next one', async () => {
  const { fake, timing, bus } = await openBus();
  const first = bus.request(1, READ, 1);
  await timing.advance(100);
  expect((await first).ok).toBe(false);
  const second = bus.request(1, READ, 1);
  // The late answer to the first falls into the silence the bus keeps before it asks again.
  await timing.advance(50);
  fake.say(answer(0xdead));
  fake.reaction = () => answer(7);
  await timing.advance(200);
  expect(await second).toEqual({ ok: true, value: { kind: 'read', values: [7] } });
  expect(bus.discardedBytes).toBe(answer(0).length);
});

test('units get their pause between two frames', async () => {
  const { fake, timing, bus } = await openBus();
  fake.reaction = () => answer(7);
  await bus.request(1, READ, 1);
  void bus.request(1, READ, 1);
  await timing.advance(4);
  expect(fake.takeHeard()).toHaveLength(1);
  await timing.advance(1);
  expect(fake.takeHeard()).toHaveLength(1);
});

test('unplugged while a request is out: told at once, and the bus comes back', async () => {
  const { fake, timing, bus, log } = await openBus();
  fake.reaction = () => {
    fake.unplug();
    return null;
  };
  expect(await bus.request(1, READ, 2)).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
  fake.plug();
  await timing.advance(2_000);
  expect(log).toEqual(['up', 'unplugged', 'up']);
});

test('closing answers who waits', async () => {
  const { bus } = await openBus();
  const asked = bus.request(1, READ, 1);
  await bus.close();
  expect(await asked).toMatchObject({ ok: false, error: { code: 'deviceClosed' } });
});

test('a line that babbles cannot keep the bus from asking', async () => {
  const { fake, timing, bus } = await openBus();
  const first = bus.request(1, READ, 1);
  await timing.advance(100);
  await first;
  const second = bus.request(1, READ, 1);
  for (let ms = 0; ms < 600; ms += 10) {
    fake.say(new Uint8Array(115).fill(0x55));
    await timing.advance(10);
  }
  expect(await second).toEqual({ ok: false, error: { code: 'deviceGarbled' } });
});
