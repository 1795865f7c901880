import { spawn } from 'node:child_process';
import path from 'node:path';
import { unwrap } from '../../app/contract/result.ts';
import { laneControllerTimes } from '../../native-bridge/devices/lane-controller-times.ts';
import { ModbusLaneController } from '../../native-bridge/devices/modbus-lane-controller.ts';
import { systemTiming } from '../../native-bridge/ports/timing.ts';
import { LOT_TURNSTILE } from '../../native-bridge/protocol/turnstile-map.ts';
import { PtyPort } from '../../native-bridge/simulators/pty-port.ts';
import { eightNoneOne, serialOpener } from '../../native-bridge/transport/serial-link.ts';
import { DEBIAN_PYTHON, type Partner, pythonModuleMissing } from './partner.ts';

/** Two pseudo-terminals, the device's end of one wired to the device's end of the other: a null-modem cable. */
function nullModem(): { readonly ours: PtyPort; readonly theirs: PtyPort } {
  const ours: PtyPort = new PtyPort(null, (bytes) => theirs.send(bytes));
  const theirs: PtyPort = new PtyPort(null, (bytes) => ours.send(bytes));
  ours.plug();
  theirs.plug();
  return { ours, theirs };
}

function startSlave(port: string): Promise<() => void> {
  const child = spawn(DEBIAN_PYTHON, [path.join(import.meta.dirname, 'modbus_slave.py'), port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => resolve(() => child.kill('SIGKILL')));
    child.once('exit', (code) => reject(new Error(`the slave ended with ${code}`)));
  });
}

/** Our driver takes doors into service that somebody else programmed. */
export const pymodbus: Partner = {
  name: 'pymodbus',
  proves: 'our Modbus lane controller driver, against a slave on pymodbus',
  packages: ['python3-pymodbus', 'python3-serial-asyncio'],
  missing: () => pythonModuleMissing(['pymodbus', 'serial_asyncio']),
  async run() {
    const { ours, theirs } = nullModem();
    const stop = await startSlave(theirs.path);
    const controller = new ModbusLaneController({
      opener: serialOpener(ours.path, eightNoneOne(9_600)),
      timing: systemTiming,
      map: LOT_TURNSTILE,
      units: [1, 2, 3],
      times: laneControllerTimes(LOT_TURNSTILE),
    });
    try {
      const ready = new Promise<void>((resolve, reject) => {
        const limit = setTimeout(() => reject(new Error('the lane was not ready within 15 s')), 15_000);
        controller.subscribe((event) => {
          if (event.type !== 'ready') return;
          clearTimeout(limit);
          resolve();
        });
      });
      controller.start();
      await ready;
      unwrap(await controller.openDoor(2, 'forward', 1));
      const open = unwrap(await controller.readState());
      if (open.doors.map((door) => door.passesForward).join() !== '0,1,0')
        throw new Error(`grants: ${JSON.stringify(open)}`);
      unwrap(await controller.setLamp(2, 'amber'));
      unwrap(await controller.closeAllDoors());
      const shut = unwrap(await controller.readState());
      if (shut.doors.some((door) => door.open)) throw new Error(`open doors: ${JSON.stringify(shut)}`);
      return 'three units taken into service, a door opened, lamps set, all shut';
    } finally {
      await controller.close();
      stop();
      ours.close();
      theirs.close();
    }
  },
};
