import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type MessagePortMain, utilityProcess } from 'electron';
import { cameraFrameSchema } from '../contract/traveller-view.ts';
import { childEnvironment, HEAP_ARGUMENTS } from './child-environment.ts';

/** better-sqlite3 needs Node-API 10; an Electron below it runs the same bundle on the Node that comes along. */
const NEEDED_NODE_API = 10;

/** A child that runs one of our Node bundles: a utilityProcess where Electron's Node is new enough, else a forked Node. */
export interface NodeChild {
  readonly pid: number | undefined;
  send(message: unknown): void;
  /** Camera frames that come in on this port go to the child; anything else on it is dropped. */
  attachFramePort(port: MessagePortMain): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Once, with the exit code, or null when a signal ended it. */
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

export interface NodeChildOptions {
  readonly entry: string;
  readonly args: readonly string[];
  readonly appRoot: string;
  readonly name: string;
}

export function startNodeChild(options: NodeChildOptions): NodeChild {
  const nodeApi = Number(process.versions.napi ?? 0);
  return nodeApi >= NEEDED_NODE_API ? startUtility(options) : startForked(options);
}

function startUtility({ entry, args, name }: NodeChildOptions): NodeChild {
  const child = utilityProcess.fork(entry, [...args], { serviceName: name, stdio: 'inherit' });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    attachFramePort: (port) => child.postMessage({ type: 'framePort' }, [port]),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', listener),
    // A wedged process hears no SIGTERM.
    kill: () => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}

function startForked({ entry, args, appRoot }: NodeChildOptions): NodeChild {
  const child: ChildProcess = fork(entry, [...args], {
    execPath: findNode(appRoot),
    execArgv: [...HEAP_ARGUMENTS],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: childEnvironment(process.env),
  });
  const send = (message: unknown): void => {
    // A child that has just died is reported by its exit; a message to it is lost either way.
    if (child.connected) child.send(message as object, () => undefined);
  };
  return {
    get pid() {
      return child.pid;
    },
    send,
    attachFramePort: (port) => {
      // The window may say nothing else to the lane this way, so main reads the contract here.
      port.on('message', ({ data }) => {
        const frame = cameraFrameSchema.safeParse(data);
        if (frame.success) send(frame.data);
      });
      port.start();
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', listener),
    kill: () => child.kill('SIGKILL'),
  };
}

function findNode(appRoot: string): string {
  const candidates = [join(process.resourcesPath, 'node'), join(appRoot, 'node_modules/node/bin/node')];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(
      `this Electron (Node-API ${process.versions.napi}) needs a Node beside it; looked in ${candidates.join(', ')}`,
    );
  }
  return found;
}
