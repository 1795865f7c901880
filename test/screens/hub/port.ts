import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnCli } from '../../../app/cli/spawn-cli.ts';
import type { FromLane, ToLane } from './lane-messages.ts';

const LANE = 'DEMO-1';
const CLI = fileURLToPath(new URL('../../../app/cli/main.ts', import.meta.url));
const FIRST_PIN = '481516';

/** A hub as `jointgate hub --dev` runs it, with its PostgreSQL, and one lane that keeps its record there. */
export interface Port {
  readonly consoleUrl: string;
  /** The PIN of every officer, good for the first sign-in only. */
  readonly firstPin: string;
  /** Somebody comes to the lane; resolves when the crossing is over, with the record's last state. */
  come(id: string, person?: string): Promise<string>;
  /** Resolves when the lane has noticed by itself that it serves nobody, e.g. because its hub is gone. */
  laneCloses(): Promise<void>;
  stopHub(): Promise<void>;
  startHub(): Promise<void>;
  close(): Promise<void>;
}

/** `pages`: the console's built pages. Officers: E1001 (exit), N2001 (entry). */
export async function openPort(pages: string): Promise<Port> {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-port-'));
  // PostgreSQL refuses to run as root and runs as nobody then: it must be able to reach its own folder.
  chmodSync(folder, 0o711);
  const data = join(folder, 'hub');
  const keysFile = join(folder, 'control-keys.json');
  const [lanePort, consolePort] = await freePorts();
  const tls = (name: string): string => join(data, 'tls', name);

  const lane = fork(fileURLToPath(new URL('./lane-child.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const tell = async <T extends FromLane['type']>(message: ToLane, wanted: T) => {
    lane.send(message);
    const [answer] = (await Promise.race([
      once(lane, 'message'),
      once(lane, 'exit').then(() => Promise.reject(new Error('the lane has ended'))),
    ])) as [FromLane];
    if (answer.type !== wanted) throw new Error(`the lane said ${answer.type}`);
    return answer as Extract<FromLane, { type: T }>;
  };
  const built = await tell(
    {
      type: 'build',
      folder: makeFolder(join(folder, 'lane')),
      hubUrl: `https://127.0.0.1:${lanePort}`,
      tls: { ca: tls('authority.pem'), cert: tls(`${LANE}.pem`), key: tls(`${LANE}-key.pem`) },
    },
    'built',
  );
  writeFileSync(keysFile, JSON.stringify(built.controlKeys));

  let hub: ChildProcess | null = null;
  const startHub = async (): Promise<void> => {
    const ports = ['--lane-port', String(lanePort), '--console-port', String(consolePort)];
    const files = ['--data', data, '--pages', pages, '--control-keys', keysFile];
    const child = spawn(process.execPath, [CLI, 'hub', '--dev', '--json', '--lane', LANE, ...ports, ...files], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, INIT_CWD: '' },
    });
    hub = child;
    // Its first line says that it serves.
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error('the hub has ended before it served'))),
    ]);
  };
  const stopHub = async (): Promise<void> => {
    if (hub === null) return;
    const ended = once(hub, 'exit');
    hub.kill('SIGTERM');
    await ended;
    hub = null;
  };
  await startHub();
  const database = `postgres://jointgate@/postgres?host=${encodeURIComponent(join(data, 'postgres'))}&port=5432`;
  for (const [number, role, authority] of [
    ['E1001', 'exitOfficer', 'CHN'],
    ['N2001', 'entryOfficer', 'MAC'],
  ] as const) {
    const account = ['officer', 'add', number, '--role', role, '--authority', authority];
    const added = await spawnCli([...account, '--data', data, '--database', database], { input: `${FIRST_PIN}\n` });
    if (added.code !== 0) throw new Error(`no account for ${number}: ${added.stderr}`);
  }
  await tell({ type: 'open' }, 'serves');
  return {
    consoleUrl: `https://127.0.0.1:${consolePort}`,
    firstPin: FIRST_PIN,
    come: async (id, person) => (await tell({ type: 'come', id, person: person ?? null }, 'over')).state,
    laneCloses: async () => {
      await tell({ type: 'awaitClosed' }, 'closed');
    },
    stopHub,
    startHub,
    close: async () => {
      if (lane.connected) {
        const ended = once(lane, 'exit');
        lane.disconnect();
        await ended;
      }
      await stopHub();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

/** Two ports that are free now; the hub has the same ones after a restart. */
async function freePorts(): Promise<[number, number]> {
  const servers = await Promise.all(
    [0, 0].map(async (port) => {
      const server = createServer().listen(port, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const [first, second] = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return [first ?? 0, second ?? 0];
}
