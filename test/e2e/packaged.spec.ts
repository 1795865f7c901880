import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { readFuses, wrongFuses } from '../../build/package/fuses.ts';
import { buildPackage, installPackage, launchPackaged, SANDBOX_ARGS } from './packaged-lane.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test.beforeAll(() => {
  test.setTimeout(180_000);
  buildPackage();
});

test('the packaged program clears a crossing, and shuts its doors when the lane process is killed', async () => {
  test.setTimeout(150_000);
  const lane = await launchPackaged('packaged');
  try {
    await lane.keepPicture('attract');
    lane.act({ type: 'standBeforeCamera', sceneId: 'person-eriksson' });
    await expect.poll(() => lane.bench().currentScene).toBe('person-eriksson');
    lane.act({ type: 'presentDocument', documentId: 'eriksson' });
    for (const step of ['walkIn', 'lookHere', 'walkOn', 'goThrough']) await lane.step(step);
    await lane.keepPicture('goThrough');
    await lane.step('attract');
    expect(lane.bench().place).toBe('through');
    expect(verifyRecord(lane.record())).toBe(0);

    lane.act({ type: 'presentDocument', documentId: 'eriksson' });
    await lane.step('walkOn');
    const [pid] = lane.lanePids();
    expect(pid, 'the lane runs in a process of its own').toBeDefined();
    process.kill(pid ?? 0, 'SIGKILL');
    await lane.step('outOfService');
    await expect
      .poll(() => lane.bench().doors.map(({ open }) => open), { timeout: 20_000 })
      .toEqual([false, false, false]);
    await lane.keepPicture('killed');
    await expect.poll(() => lane.lanePids().length, { timeout: 20_000 }).toBe(1);
    expect(lane.lanePids()[0]).not.toBe(pid);
    await expect.poll(() => verifyRecord(lane.record()), { timeout: 20_000 }).toBe(0);
  } finally {
    await lane.close();
  }
});

test('as shipped it takes no debugger, no made-up camera, no demo, no Node and no foreign code', () => {
  const installed = installPackage(false);
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync(installed.executable, [...SANDBOX_ARGS, ...args], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 8_000,
    });
  try {
    expect(wrongFuses(readFuses(installed.executable))).toEqual([]);
    for (const foreign of ['remote-debugging-port=0', 'use-file-for-fake-video-capture=x', 'inspect', 'demo']) {
      const { status, stderr } = run([`--${foreign}`]);
      expect(stderr).toContain(`does not start with --${foreign.split('=')[0]}`);
      expect(status).toBe(2);
      expect(stderr).not.toContain('listening on ws');
    }
    const marker = join(dirname(installed.executable), 'ran.txt');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`;
    run(['-e', code, '--inspect'], { ELECTRON_RUN_AS_NODE: '1' });
    const script = join(dirname(installed.executable), 'preload.cjs');
    writeFileSync(script, code);
    run(['--inspect'], { NODE_OPTIONS: `--require ${script}` });
    expect(() => readFileSync(marker), 'no foreign code ran').toThrow('ENOENT');
  } finally {
    installed.remove();
  }
});

test('a folder laid in the place of app.asar is not taken', () => {
  const installed = installPackage(false);
  const resources = join(dirname(installed.executable), 'resources');
  try {
    const marker = join(resources, 'ran.txt');
    mkdirSync(join(resources, 'app'));
    writeFileSync(join(resources, 'app/package.json'), '{"main":"main.js"}');
    writeFileSync(join(resources, 'app/main.js'), `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`);
    renameSync(join(resources, 'app.asar'), join(resources, 'away.asar'));
    spawnSync(installed.executable, SANDBOX_ARGS, { timeout: 4_000 });
    expect(() => readFileSync(marker)).toThrow('ENOENT');
  } finally {
    installed.remove();
  }
});

test('an installed lane starts only from a signed configuration', () => {
  const installed = installPackage(false);
  const lane = join(dirname(installed.executable), 'resources/lane');
  const folder = join(dirname(installed.executable), '../configuration');
  const jointgate = (...args: string[]) =>
    spawnSync(process.execPath, [join(lane, 'dist/cli/jointgate.js'), ...args], { encoding: 'utf8' });
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'answers.json'), JSON.stringify({ dataFolder: join(folder, 'data') }));
    expect(jointgate('setup', '--folder', folder, '--answers', join(folder, 'answers.json')).status).toBe(0);
    const profile = join(folder, 'lane.json');
    const keys = join(folder, 'keys.txt');
    writeFileSync(keys, jointgate('setup', 'key', join(folder, 'signer.pem')).stdout);
    // The shipped lane process itself, told as Electron main tells it.
    const laneSays = (): string => {
      const source = `const {fork} = require('node:child_process');
        const child = fork(${JSON.stringify(join(lane, 'dist/lane/lane.js'))}, ['--lane-profile=${profile}', '--configuration-keys=${keys}'], {stdio: 'ignore', serialization: 'advanced'});
        child.on('message', (m) => { if (m.type === 'startFailed' || m.type === 'travellerView' || m.type === 'started') { console.log(m.code ?? 'started'); child.kill('SIGKILL'); process.exit(0); } });`;
      return spawnSync(process.execPath, ['-e', source], { encoding: 'utf8', timeout: 20_000 }).stdout.trim();
    };
    expect(laneSays()).toBe('configurationUnsigned');
    expect(jointgate('setup', 'sign', profile, '--key', join(folder, 'signer.pem')).status).toBe(0);
    expect(laneSays()).toBe('started');
    appendFileSync(join(folder, 'rules/exit.json'), ' ');
    expect(laneSays()).toBe('configurationChanged');
  } finally {
    rmSync(folder, { recursive: true, force: true });
    installed.remove();
  }
});

function verifyRecord(path: string): number | null {
  return spawnSync(process.execPath, [join(ROOT, 'app/cli/main.ts'), 'record', 'verify', path]).status;
}
