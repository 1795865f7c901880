import { expect, test } from 'vitest';
import { ManualTiming } from '../ports/manual-timing.ts';
import { FakeLink } from './fake-link.ts';
import { LINK_DELAYS, ResilientLink } from './resilient-link.ts';

function linkOver(fake: FakeLink) {
  const timing = new ManualTiming();
  const log: string[] = [];
  const link = new ResilientLink(fake, timing, LINK_DELAYS, {
    up: () => log.push('up'),
    received: (bytes) => log.push(`bytes ${bytes.length}`),
    down: (reason) => log.push(`down ${reason}`),
  });
  return { link, timing, log };
}

test('opens, carries bytes both ways, closes and says nothing more', async () => {
  const fake = new FakeLink();
  const { link, timing, log } = linkOver(fake);
  link.start();
  await timing.advance(0);
  fake.say(new Uint8Array(3));
  expect((await link.write(new Uint8Array(2))).ok).toBe(true);
  expect(fake.takeHeard()).toEqual([new Uint8Array(2)]);
  await link.close();
  fake.say(new Uint8Array(1));
  expect(log).toEqual(['up', 'bytes 3']);
  expect(fake.isOpen).toBe(false);
  expect(timing.pendingCount).toBe(0);
  expect(await link.write(new Uint8Array(1))).toEqual({ ok: false, error: { code: 'deviceClosed' } });
});

test('an absent device is told once and found within 2 s of coming, however long it was away', async () => {
  const fake = new FakeLink();
  fake.unplug();
  const { link, timing, log } = linkOver(fake);
  link.start();
  await timing.advance(60_000);
  expect(log).toEqual(['down openFailed']);
  fake.plug();
  await timing.advance(2_000);
  expect(log).toEqual(['down openFailed', 'up']);
});

test('unplugging is told, and the link comes back by itself', async () => {
  const fake = new FakeLink();
  const { link, timing, log } = linkOver(fake);
  link.start();
  await timing.advance(0);
  fake.unplug();
  expect(await link.write(new Uint8Array(1))).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
  fake.plug();
  await timing.advance(2_000);
  expect(log).toEqual(['up', 'down unplugged', 'up']);
});

test('a port that takes no bytes is lost after the write timeout and opened again', async () => {
  const fake = new FakeLink();
  const { link, timing, log } = linkOver(fake);
  link.start();
  await timing.advance(0);
  fake.stuck = true;
  const written = link.write(new Uint8Array(1));
  await timing.advance(LINK_DELAYS.writeTimeoutMs);
  expect(await written).toEqual({ ok: false, error: { code: 'deviceLost', reason: 'writeFailed' } });
  fake.stuck = false;
  await timing.advance(2_000);
  expect(log).toEqual(['up', 'down writeFailed', 'up']);
});

test('a device that comes and goes is opened more and more slowly', async () => {
  const fake = new FakeLink();
  const { link, timing } = linkOver(fake);
  link.start();
  for (let turn = 0; turn < 10_000; turn += 10) {
    await timing.advance(10);
    if (fake.isOpen) {
      fake.unplug();
      fake.plug();
    }
  }
  expect(fake.opened).toBeLessThan(20);
  await link.close();
});

test('closing while the port is being opened leaves nothing open', async () => {
  const fake = new FakeLink();
  const { link, timing, log } = linkOver(fake);
  link.start();
  await link.close();
  await timing.advance(5_000);
  expect(fake.isOpen).toBe(false);
  expect(log).toEqual([]);
});
