import { describe, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { decodeRequest, encodeResponse } from '../framing/modbus-pdu.ts';
import { encodeRtu } from '../framing/modbus-rtu.ts';
import { laneControllerContract } from '../ports/lane-controller.contract.ts';
import type { LaneControllerEvent } from '../ports/lane-controller.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { systemTiming, type Timing } from '../ports/timing.ts';
import { LOT_TURNSTILE } from '../protocol/turnstile-map.ts';
import { DoorModel } from '../simulators/door-model.ts';
import { ModbusSlave } from '../simulators/modbus-slave.ts';
import { FakeLink, type FakeReaction } from '../transport/fake-link.ts';
import { laneControllerTimes } from './lane-controller-times.ts';
import { ModbusLaneController } from './modbus-lane-controller.ts';

/** Two door units behind a byte fake: the wire is ours to cut, the units are honest. */
function fakeLane(timing: Timing, fastPollMs: number) {
  const fake = new FakeLink();
  const doors = [1, 2].map(() => new DoorModel(LOT_TURNSTILE, timing, () => {}));
  const units = new Map(doors.map((door, index) => [index + 1, door] as const));
  const slave = new ModbusSlave(units, timing, (bytes) => fake.say(bytes));
  const honest: FakeReaction = (heard) => {
    slave.received(heard);
    return null;
  };
  fake.reaction = honest;
  const controller = new ModbusLaneController({
    opener: fake,
    timing,
    map: LOT_TURNSTILE,
    units: [1, 2],
    times: { ...laneControllerTimes(LOT_TURNSTILE), interFrameGapMs: 0, fastPollMs, slowPollMs: 10 * fastPollMs },
  });
  const door = (number: number): DoorModel => {
    const model = doors[number - 1];
    if (model === undefined) throw new Error(`no door ${number}`);
    return model;
  };
  return { fake, controller, door, honest };
}

laneControllerContract('Modbus driver over a byte fake', () => {
  const { fake, controller, door } = fakeLane(systemTiming, 1);
  const pass = async (number: number, direction: 'forward' | 'backward', persons: number): Promise<void> => {
    if (!door(number).isOpen(direction)) throw new Error(`door ${number} is shut`);
    door(number).countPassage(direction, persons);
  };
  const each = (work: (model: DoorModel) => void): void => {
    for (const number of [1, 2]) work(door(number));
  };
  return {
    controller,
    walkIn: (number) => pass(number, 'forward', 1),
    walkBack: (number) => pass(number, 'backward', 1),
    tailgate: (number) => pass(number, 'forward', 2),
    jam: (number) => door(number).setJammed(true),
    unjam: (number) => door(number).setJammed(false),
    pressEmergency: () => each((model) => model.setEmergency(true)),
    releaseEmergency: () => each((model) => model.setEmergency(false)),
    unplug: () => fake.unplug(),
    replug: () => fake.plug(),
    lampOf: (number) => {
      const [green, red] = [door(number).lampLit('green'), door(number).lampLit('red')];
      return green && red ? 'amber' : green ? 'green' : red ? 'red' : 'off';
    },
    end: async () => {
      await controller.close();
      door(1).stop();
      door(2).stop();
    },
  };
});

async function readyLane() {
  const timing = new ManualTiming();
  const lane = fakeLane(timing, 20);
  const events: LaneControllerEvent[] = [];
  lane.controller.subscribe((event) => events.push(event));
  lane.controller.start();
  await timing.advance(100);
  expect(lane.controller.ready).toBe(true);
  return { ...lane, timing, events };
}

const isGrant = (heard: Uint8Array): boolean => {
  const request = decodeRequest(heard.slice(1, -2));
  return request?.kind === 'write' && request.address === LOT_TURNSTILE.grantForward && request.values[0] !== 0;
};

/** Door 1 is opened for one passage; `answer` is what its unit says to each try. */
async function grantOnce(
  { fake, controller, timing, honest }: Awaited<ReturnType<typeof readyLane>>,
  answer: (heard: Uint8Array, tries: number) => ReturnType<typeof honest> | null,
) {
  let tries = 0;
  fake.reaction = (heard) => {
    if (!isGrant(heard)) return honest(heard);
    tries += 1;
    return answer(heard, tries);
  };
  const opened = controller.openDoor(1, 'forward', 1);
  await timing.advance(1_000);
  return { outcome: await opened, tries };
}

test('a door that was left open is shut before the lane is ready', async () => {
  const timing = new ManualTiming();
  const { controller, door } = fakeLane(timing, 20);
  door(2).write(LOT_TURNSTILE.grantForward, 3);
  controller.start();
  await timing.advance(100);
  expect(controller.ready).toBe(true);
  expect(door(2).isOpen('forward')).toBe(false);
});

test('an unused grant expires in the unit after the pass time, also when the lane process is gone', async () => {
  const { fake, controller, door, timing } = await readyLane();
  unwrap(await controller.openDoor(1, 'forward', 1));
  // As after kill -9: nobody speaks any more.
  fake.unplug();
  await timing.advance(laneControllerTimes(LOT_TURNSTILE).passTimeS * 1_000 - 200);
  expect(door(1).isOpen('forward')).toBe(true);
  await timing.advance(200);
  expect(door(1).isOpen('forward')).toBe(false);
});

test('the times are written once and not again, since the memory wears', async () => {
  const { fake, timing, events } = await readyLane();
  fake.unplug();
  fake.takeHeard();
  fake.plug();
  await timing.advance(3_000);
  expect(events.filter((event) => event.type === 'ready')).toHaveLength(2);
  const written = fake.takeHeard().flatMap((heard) => {
    const request = decodeRequest(heard.slice(1, -2));
    return request?.kind === 'write' ? [request.address] : [];
  });
  expect(written).not.toContain(LOT_TURNSTILE.settings.passTimeS);
  expect(written).toContain(LOT_TURNSTILE.grantForward);
});

test('a grant whose acknowledgement is lost is found in the unit and not sent again', async () => {
  const lane = await readyLane();
  const granted = await grantOnce(lane, () => {
    lane.door(1).write(LOT_TURNSTILE.grantForward, 1);
    return null;
  });
  expect(granted).toEqual({ outcome: { ok: true, value: undefined }, tries: 1 });
});

test('a grant that was used up before anybody could ask is not given a second time', async () => {
  const lane = await readyLane();
  const granted = await grantOnce(lane, () => {
    lane.door(1).write(LOT_TURNSTILE.grantForward, 1);
    lane.door(1).countPassage('forward', 1);
    return null;
  });
  expect(granted).toMatchObject({ outcome: { ok: true }, tries: 1 });
});

test('a grant that never reached the unit is sent again', async () => {
  const lane = await readyLane();
  const granted = await grantOnce(lane, (heard, tries) => (tries === 1 ? null : lane.honest(heard)));
  expect(granted.outcome.ok).toBe(true);
  expect(lane.door(1).isOpen('forward')).toBe(true);
});

test('a grant that never gets an answer ends in an error and a shut door', async () => {
  const { fake, controller, door, timing, honest } = await readyLane();
  fake.reaction = (heard) => (isGrant(heard) ? null : honest(heard));
  const opened = controller.openDoor(1, 'forward', 1);
  await timing.advance(2_000);
  expect(await opened).toMatchObject({ ok: false, error: { code: 'deviceTimeout' } });
  expect(door(1).isOpen('forward')).toBe(false);
  expect(controller.ready).toBe(true);
});

test('one silent unit makes the lane lost, names the door, and ready again within 2 s of its return', async () => {
  const { fake, controller, timing, honest, events } = await readyLane();
  fake.reaction = (heard) => (heard[0] === 2 ? null : honest(heard));
  await timing.advance(1_000);
  expect(events).toContainEqual({ type: 'lost', reason: 'silent', door: 2 });
  expect(events.filter((event) => event.type === 'lost')).toHaveLength(1);
  expect(await controller.openDoor(1, 'forward', 1)).toEqual({
    ok: false,
    error: { code: 'deviceLost', reason: 'silent' },
  });
  fake.reaction = honest;
  await timing.advance(2_000);
  expect(controller.ready).toBe(true);
});

test('a controller that is lost does not hang a caller: every verb ends', async () => {
  const { fake, controller, timing } = await readyLane();
  fake.reaction = () => null;
  const verbs = [
    controller.openDoor(1, 'forward', 1),
    controller.closeDoor(1),
    controller.closeAllDoors(),
    controller.setLamp(1, 'green'),
    controller.readState(),
  ];
  await timing.advance(15_000);
  for (const verb of verbs) expect((await verb).ok).toBe(false);
});

test('a blocked unit is given no grant that would wait for the block to end', async () => {
  const { controller, door, timing } = await readyLane();
  door(1).write(LOT_TURNSTILE.mode.address, LOT_TURNSTILE.mode.blocked);
  await timing.advance(100);
  expect(await controller.openDoor(1, 'forward', 1)).toMatchObject({ ok: false, error: { code: 'deviceRejected' } });
});

test('every door is put into a mode, and what it became is known at once', async () => {
  const { controller, door, events } = await readyLane();
  unwrap(await controller.setMode('blocked'));
  expect([1, 2].map((number) => door(number).read(LOT_TURNSTILE.mode.address))).toEqual([1, 1]);
  expect(await controller.openDoor(2, 'forward', 1)).toMatchObject({ ok: false, error: { code: 'deviceRejected' } });
  unwrap(await controller.setMode('normal'));
  unwrap(await controller.openDoor(2, 'forward', 1));
  unwrap(await controller.setMode('emergency'));
  expect(events).toContainEqual({ type: 'emergency', active: true });
  unwrap(await controller.setMode('normal'));
  expect(events.at(-1)).toEqual({ type: 'emergency', active: false });
});

test('a leaf that jams while open is not called shut before the jam is over', async () => {
  const { controller, door, timing, events } = await readyLane();
  unwrap(await controller.openDoor(1, 'forward', 1));
  door(1).setJammed(true);
  await timing.advance(20_000);
  expect(events.map((event) => event.type)).not.toContain('doorClosed');
  door(1).setJammed(false);
  await timing.advance(500);
  expect(events.map((event) => event.type)).toContain('doorClosed');
});

test('unplugged at every request of a start and an opening: no hang, shut doors, ready again', async () => {
  for (let cutAt = 1; cutAt <= 40; cutAt += 1) {
    const timing = new ManualTiming();
    const { fake, controller, door, honest } = fakeLane(timing, 20);
    let requests = 0;
    fake.reaction = (heard) => {
      requests += 1;
      if (requests !== cutAt) return honest(heard);
      fake.unplug();
      fake.plug();
      return null;
    };
    controller.start();
    await timing.advance(50);
    const opened = controller.openDoor(1, 'forward', 1);
    await timing.advance(3_000);
    const result = await opened;
    expect(controller.ready, `cut at ${cutAt}`).toBe(true);
    // Either the door was opened after all, or the reconnection has shut it.
    expect(door(1).isOpen('forward') && !result.ok, `cut at ${cutAt}`).toBe(false);
    await controller.close();
  }
});

describe('each single bit flipped in an opening', () => {
  const GRANT_FRAME_BYTES = 11;
  const ACK_FRAME_BYTES = 8;

  test.each([
    ['the grant', GRANT_FRAME_BYTES],
    ['its acknowledgement', ACK_FRAME_BYTES],
  ])('%s: the door asked for opens for one person, or none does', async (which, length) => {
    for (let bit = 0; bit < length * 8; bit += 1) {
      const { fake, controller, door, timing, honest } = await readyLane();
      let spoiled = false;
      const flip = (bytes: Uint8Array): Uint8Array => {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return flipped;
      };
      fake.reaction = (heard) => {
        if (spoiled || !isGrant(heard)) return honest(heard);
        spoiled = true;
        if (which === 'the grant') return honest(flip(heard));
        // The unit took the grant; only its answer is damaged on the way.
        door(1).write(LOT_TURNSTILE.grantForward, 1);
        return flip(encodeRtu(1, encodeResponse({ kind: 'write', address: LOT_TURNSTILE.grantForward, count: 1 })));
      };
      const opened = controller.openDoor(1, 'forward', 1);
      await timing.advance(1_500);
      const result = await opened;
      expect(door(2).isOpen('forward'), `bit ${bit}`).toBe(false);
      expect(door(1).isOpen('forward'), `bit ${bit}`).toBe(result.ok);
      expect(door(1).read(LOT_TURNSTILE.grantForward), `bit ${bit}`).toBe(result.ok ? 1 : 0);
      expect(controller.ready, `bit ${bit}`).toBe(true);
      await controller.close();
    }
  });
});

test('babble at line speed for 10 s: lost, every verb ends, ready within 2 s of its end', async () => {
  const { fake, controller, timing, honest, events } = await readyLane();
  fake.reaction = () => null;
  for (let ms = 0; ms < 10_000; ms += 10) {
    fake.say(new Uint8Array(10).fill(0x55));
    await timing.advance(10);
  }
  expect(events).toContainEqual(expect.objectContaining({ type: 'lost', reason: 'garbled' }));
  expect((await controller.openDoor(1, 'forward', 1)).ok).toBe(false);
  fake.reaction = honest;
  await timing.advance(2_000);
  expect(controller.ready).toBe(true);
});

test('a port that takes no bytes any more: every verb ends, the lane is lost, and back when the port is', async () => {
  const { fake, controller, timing, events } = await readyLane();
  fake.stuck = true;
  const verbs = [controller.openDoor(1, 'forward', 1), controller.closeAllDoors(), controller.readState()];
  await timing.advance(5_000);
  for (const verb of verbs) expect((await verb).ok).toBe(false);
  expect(events).toContainEqual(expect.objectContaining({ type: 'lost' }));
  fake.stuck = false;
  await timing.advance(2_000);
  expect(controller.ready).toBe(true);
});

const readsOf = (heard: readonly Uint8Array[], unit: number): number =>
  heard.filter((frame) => frame[0] === unit && decodeRequest(frame.slice(1, -2))?.kind === 'read').length;

test('what a unit has just said is not asked for again, but for a door that had an order since', async () => {
  const { fake, controller, timing } = await readyLane();
  expect(unwrap(await controller.readDoor(2)).open).toBe(false);
  fake.takeHeard();
  expect(unwrap(await controller.readDoor(2, 50)).open).toBe(false);
  expect(readsOf(fake.takeHeard(), 2)).toBe(0);
  unwrap(await controller.openDoor(2, 'forward', 1));
  fake.takeHeard();
  expect(unwrap(await controller.readDoor(2, 50)).open).toBe(true);
  expect(readsOf(fake.takeHeard(), 2)).toBeGreaterThan(0);
  unwrap(await controller.closeDoor(2));
  await timing.advance(1);
  expect(unwrap(await controller.readDoor(2, 50)).open).toBe(false);
});

test('what a unit said too long ago is asked for again', async () => {
  const { fake, controller, timing } = await readyLane();
  unwrap(await controller.readDoor(2));
  await timing.advance(60);
  fake.takeHeard();
  unwrap(await controller.readDoor(2, 50));
  expect(readsOf(fake.takeHeard(), 2)).toBeGreaterThan(0);
});

test('a door that is to open does not wait for lamps', async () => {
  const { fake, controller } = await readyLane();
  fake.takeHeard();
  const work = [controller.setLamp(1, 'green'), controller.setLamp(2, 'green'), controller.openDoor(1, 'forward', 1)];
  for (const done of await Promise.all(work)) expect(done.ok).toBe(true);
  const writes = fake.takeHeard().flatMap((frame) => {
    const request = decodeRequest(frame.slice(1, -2));
    return request?.kind === 'write' ? [request.address] : [];
  });
  expect(writes[0]).toBe(LOT_TURNSTILE.grantForward);
  expect(writes).toContain(LOT_TURNSTILE.lamps.green);
});
