import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PortBench } from '../../app/hub/hub-bench.fixture.ts';
import type { HubOptions } from '../../app/hub/open-hub.ts';
import type { ControlKeys } from '../../app/record/clearance-check.ts';

export interface HubChild {
  readonly port: number;
  /** No farewell: as the power, or the kernel, would. */
  kill(): Promise<void>;
}

/** A hub in a process of its own. `port` 0 takes any. */
export async function startHubChild(bench: PortBench, controlKeys: ControlKeys, port = 0): Promise<HubChild> {
  const { cert, key } = await bench.authority.server();
  const child: ChildProcess = fork(fileURLToPath(new URL('../bench/hub-process.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const options: Omit<HubOptions, 'clock' | 'onFault'> = {
    connection: bench.connection,
    tls: { cert, key, laneCa: bench.authority.cert },
    lanes: { host: '127.0.0.1', port },
    signingKeyPem: bench.hubKey.pem,
    controlKeys,
  };
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const ready = new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { lanePort: number }).lanePort));
    child.once('exit', () => reject(new Error('the hub has ended before it served')));
  });
  child.send(options);
  return {
    port: await ready,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
