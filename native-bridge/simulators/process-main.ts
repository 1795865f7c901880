import { systemTiming } from '../ports/timing.ts';
import { type SimulatorProcessMessage, simulatorProcessOptionsSchema } from './process-messages.ts';
import { SimulatedDevices } from './simulated-devices.ts';
import { answerSteering } from './steering.ts';

/** The simulators in a process of their own, started with an IPC channel. It ends with its parent. */
const options = simulatorProcessOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const devices = new SimulatedDevices({ ...options, timing: systemTiming });

const tell = (message: SimulatorProcessMessage): void => {
  process.send?.(message);
};

process.on('message', (message: unknown) => {
  void answerSteering(devices, message).then((reply) => {
    if (reply !== null) tell({ type: 'reply', reply });
  });
});
process.on('disconnect', () => {
  devices.close();
  process.exit(0);
});
tell({ type: 'plugged', paths: devices.paths });
