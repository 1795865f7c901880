import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Side } from '../../app/contract/crossing.ts';
import { createTestAuthority } from '../../app/controls/test-certificates.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import type { DemoWorld } from '../../app/demo/demo-world.ts';
import { entitlements } from '../../app/demo/seed-lane.ts';

const MAIN = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url));
const RULES = fileURLToPath(new URL('../../app/controls/rules/examples/', import.meta.url));

export interface ControlProcess {
  /** For the lane profile. */
  readonly setting: unknown;
  readonly keyId: string;
  readonly child: ChildProcess;
  /** Serves again at the same place. */
  restart(): Promise<void>;
}

/** Both sides' controls, each `jointgate control` in a process of its own with its own certificate authority. */
export async function startControls(): Promise<
  Readonly<Record<Side, ControlProcess>> & { readonly keepLaneKey: (world: DemoWorld) => void }
> {
  // What an administrator does: the lane's public key is told to both sides before they serve it.
  const { key, pem } = createSigningKey();
  const laneKeys = JSON.stringify([{ keyId: key.keyId, raw: key.publicKeyRaw }]);
  const [exit, entry] = await Promise.all([startControl('exit', laneKeys), startControl('entry', laneKeys)]);
  const keepLaneKey = ({ profile }: DemoWorld): void =>
    writeFileSync(join(profile.dataFolder, 'keys', 'lane-signing.pem'), pem, { mode: 0o600 });
  return { exit, entry, keepLaneKey };
}

async function startControl(side: Side, laneKeys: string): Promise<ControlProcess> {
  const folder = mkdtempSync(join(tmpdir(), `jointgate-${side}-`));
  const authority = await createTestAuthority(`${side} authority`);
  const [server, lane] = await Promise.all([authority.server(), authority.client('DEMO-1')]);
  const save = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const ca = save('ca.pem', authority.cert);
  const files = ['--tls-cert', save('server.pem', server.cert), '--tls-key', save('server-key.pem', server.key)];
  const seed = save('seed.json', JSON.stringify(entitlements(side)));
  const given = ['--side', side, '--data', join(folder, 'data'), '--rules', `${RULES}${side}.demo.json`, '--json'];
  const known = ['--lane-keys', save('lane-keys.json', laneKeys)];
  const run = async (listen: string): Promise<{ child: ChildProcess; ready: Ready }> => {
    const args = [MAIN, 'control', ...given, '--seed', seed, '--listen', listen, ...files, ...known];
    const child = spawn(process.execPath, [...args, '--client-ca', ca, '--client', lane.fingerprint], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return { child, ready: await readyLine(child) };
  };
  let running = await run('127.0.0.1:0');
  onTestFinished(() => {
    running.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const { url, signingKey } = running.ready;
  return {
    setting: {
      kind: 'remote',
      url,
      tls: { ca, cert: save('lane.pem', lane.cert), key: save('lane-key.pem', lane.key), serverName: 'localhost' },
    },
    keyId: signingKey.keyId,
    get child() {
      return running.child;
    },
    restart: async () => {
      running = await run(new URL(url).host);
    },
  };
}

interface Ready {
  readonly url: string;
  readonly signingKey: { readonly keyId: string };
}

function readyLine(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(JSON.parse(text.split('\n')[0] ?? '') as Ready);
    });
    child.once('exit', (code) => reject(new Error(`the control ended with ${code}`)));
  });
}
