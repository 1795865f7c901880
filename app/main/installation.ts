import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Where an installed lane finds its configuration, and who may sign it. Written by root. */
const FIELD_PROFILE = '/etc/jointgate/lane.json';
const CONFIGURATION_KEYS = '/etc/jointgate/configuration-keys.txt';
/**
 * Laid into the package's own folder, it makes this a test bench: a debugger's port, a camera from a file and an unsigned profile
 * are then allowed. Whoever can write there can exchange the program itself, so it gives nobody anything (docs/decisions/0045).
 */
const BENCH_PERMIT = 'test-bench-permit';

/** Chromium's own switches that would let somebody read, steer or feed the kiosk from outside. */
const FOREIGN_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-allow-origins',
  'inspect',
  'inspect-brk',
  'load-extension',
  'disable-web-security',
  'disable-site-isolation-trials',
  'use-fake-device-for-media-stream',
  'use-fake-ui-for-media-stream',
  'use-file-for-fake-video-capture',
  'proxy-server',
  'host-rules',
  'js-flags',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
];

/** Where the parts of the program lie, and what the place allows. */
export interface Installation {
  /** Run from app.asar: a field package. */
  readonly packaged: boolean;
  /** The folder that holds dist/lane and its node_modules. */
  readonly nodeRoot: string;
  readonly standardProfile: string | null;
  /** List of keys of which one must have signed the lane profile; null: a checkout or a bench, signatures are not asked for. */
  readonly configurationKeys: string | null;
  readonly mayBeDriven: boolean;
}

/** `mainFolder`: dist/main, in a checkout or in app.asar. */
export function findInstallation(mainFolder: string, resourcesPath: string): Installation {
  const checkout = join(mainFolder, '../..');
  if (!mainFolder.includes(`app.asar${sep}`))
    return {
      packaged: false,
      nodeRoot: checkout,
      standardProfile: null,
      configurationKeys: null,
      mayBeDriven: true,
    };
  const bench = existsSync(join(resourcesPath, BENCH_PERMIT));
  return {
    packaged: true,
    nodeRoot: join(resourcesPath, 'lane'),
    standardProfile: FIELD_PROFILE,
    configurationKeys: bench ? null : CONFIGURATION_KEYS,
    mayBeDriven: bench,
  };
}

/** The first switch that a field kiosk must not be started with; null when there is none. */
export function foreignSwitch(installation: Installation, hasSwitch: (name: string) => boolean): string | null {
  return installation.mayBeDriven ? null : (FOREIGN_SWITCHES.find(hasSwitch) ?? null);
}
