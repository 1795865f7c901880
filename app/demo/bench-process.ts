import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FromBench, toBenchSchema } from '../contract/bench-messages.ts';
import { Bench } from './bench.ts';

/**
 * Entry of the demo's device process: simulators at the other end of the lane's wires, steered from the bench window. Its parent
 * is Electron main; it ends when that does.
 */
interface Port {
  send(message: FromBench): void;
  onMessage(listener: (raw: unknown) => void): void;
}

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

function openPort(): Port {
  const parentPort = (process as { parentPort?: ParentPort }).parentPort;
  if (parentPort !== undefined) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
    };
  }
  process.on('disconnect', () => process.exit(0));
  return {
    send: (message) => {
      if (process.connected) process.send?.(message);
    },
    onMessage: (listener) => process.on('message', listener),
  };
}

const port = openPort();
const { values } = parseArgs({ options: { folder: { type: 'string', default: 'out/demo' } }, strict: false });

try {
  const bench = await Bench.open(join(String(values.folder)), (view) => port.send({ type: 'view', view }));
  port.onMessage((raw) => {
    const message = toBenchSchema.safeParse(raw);
    if (!message.success) return;
    if (message.data.type === 'shutdown') {
      bench.close();
      process.exit(0);
    }
    void bench.act(message.data.action);
  });
  port.send({ type: 'ready', laneProfilePath: bench.profilePath });
  bench.tell();
} catch (error) {
  port.send({ type: 'failed', message: (error instanceof Error ? error.message : String(error)).slice(0, 500) });
  process.exitCode = 1;
}
