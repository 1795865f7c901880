import { RealSenseIdCamera } from '../devices/realsense-id-camera.ts';
import { faceCameraContract } from '../ports/face-camera.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { RealSenseIdSimulator } from './realsense-id-simulator.ts';

faceCameraContract('RealSense ID driver over the simulator on a pseudo-terminal', () => {
  const simulator = new RealSenseIdSimulator({ linkPath: null, timing: systemTiming, lookMs: 2 });
  const camera = new RealSenseIdCamera({
    opener: serialOpener(simulator.path, eightNoneOne(115_200)),
    timing: systemTiming,
  });
  return {
    camera,
    present: (sight, place) => simulator.present(sight, place),
    leave: () => simulator.leave(),
    unplug: () => simulator.unplug(),
    replug: () => simulator.replug(),
    end: async () => {
      await camera.close();
      simulator.close();
    },
  };
});
