import { LitraLight } from '../devices/litra-light.ts';
import { ViscaTilt } from '../devices/visca-tilt.ts';
import { cameraLightContract, cameraTiltContract } from '../ports/camera-mount.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { LITRA_MOST } from '../protocol/litra.ts';
import { FakeHid } from '../transport/fake-hid.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { LitraModel } from './litra-model.ts';
import { ViscaSimulator } from './visca-simulator.ts';

cameraTiltContract('VISCA driver over the simulator on a pseudo-terminal', () => {
  const simulator = new ViscaSimulator({ linkPath: null, timing: systemTiming, moveMs: 3 });
  const tilt = new ViscaTilt({ opener: serialOpener(simulator.path, eightNoneOne(9_600)), timing: systemTiming });
  return {
    tilt,
    steps: () => simulator.tilt,
    jam: () => simulator.jam(),
    unjam: () => simulator.unjam(),
    unplug: () => simulator.unplug(),
    replug: () => simulator.replug(),
    end: async () => {
      await tilt.close();
      simulator.close();
    },
  };
});

cameraLightContract('Litra driver over a report fake', () => {
  const hid = new FakeHid();
  const model = new LitraModel(LITRA_MOST.beam, (report) => hid.say(report));
  hid.onReport = (report) => model.received(report);
  const light = new LitraLight({ opener: hid, timing: systemTiming, model: 'beam' });
  return {
    light,
    brightness: () => model.shining,
    unplug: () => {
      hid.unplug();
      model.powerDown();
    },
    replug: () => hid.plug(),
    end: () => light.close(),
  };
});
