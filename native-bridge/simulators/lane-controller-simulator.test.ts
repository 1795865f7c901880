import { expect, test } from 'vitest';
import { laneControllerTimes } from '../devices/lane-controller-times.ts';
import { ModbusLaneController } from '../devices/modbus-lane-controller.ts';
import { type LaneUnderTest, laneControllerContract } from '../ports/lane-controller.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { LOT_TURNSTILE } from '../protocol/turnstile-map.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { LaneControllerSimulator } from './lane-controller-simulator.ts';

const TIMES = {
  ...laneControllerTimes(LOT_TURNSTILE),
  interFrameGapMs: 0,
  fastPollMs: 2,
  slowPollMs: 10,
  searchMs: 20,
};

function simulatedLane(): LaneUnderTest & { simulator: LaneControllerSimulator } {
  const simulator = new LaneControllerSimulator({
    linkPath: null,
    timing: systemTiming,
    map: LOT_TURNSTILE,
    doorCount: 3,
    travelMs: 0,
  });
  const controller = new ModbusLaneController({
    opener: serialOpener(simulator.path, eightNoneOne(9600)),
    timing: systemTiming,
    map: LOT_TURNSTILE,
    units: [1, 2, 3],
    times: TIMES,
  });
  return {
    simulator,
    controller,
    walkIn: (door) => simulator.walkIn(door),
    walkBack: (door) => simulator.walkBack(door),
    tailgate: (door) => simulator.tailgate(door),
    jam: (door) => simulator.jam(door),
    unjam: (door) => simulator.unjam(door),
    pressEmergency: () => simulator.pressEmergency(),
    releaseEmergency: () => simulator.releaseEmergency(),
    unplug: () => simulator.unplug(),
    replug: () => simulator.replug(),
    lampOf: (door) => simulator.door(door).lamp,
    end: async () => {
      await controller.close();
      simulator.close();
    },
  };
}

laneControllerContract('Modbus driver over the simulator on a pseudo-terminal', simulatedLane);

test('a person who is not there cannot walk on, and nobody walks through a shut door', async () => {
  const { simulator, end } = simulatedLane();
  await expect(simulator.walkIn(1)).rejects.toThrow(/door 1 is shut/);
  await expect(simulator.walkIn(2)).rejects.toThrow(/fewer than 1 people stand before door 2/);
  await end();
});
