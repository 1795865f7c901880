import { indicatorContract } from '../../../native-bridge/ports/indicator.contract.ts';
import { systemTiming } from '../../../native-bridge/ports/timing.ts';
import { FakeLink } from '../../../native-bridge/transport/fake-link.ts';
import { SerialLamp } from './serial-lamp.ts';

const LAMPS: Readonly<Record<number, string>> = { 79: 'off', 82: 'red', 65: 'amber', 71: 'green' };

// The contract that every lamp of a lane passes: ours, yours and the simulated one alike.
indicatorContract('serial lamp of the integrator guide', () => {
  const wire = new FakeLink();
  let shining = 'off';
  wire.reaction = (heard) => {
    shining = LAMPS[heard[0] ?? 0] ?? shining;
    return heard;
  };
  const indicator = new SerialLamp(wire, systemTiming);
  return {
    indicator,
    shining: () => shining,
    unplug: () => wire.unplug(),
    replug: () => wire.plug(),
    end: () => indicator.close(),
  };
});
