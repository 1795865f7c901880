import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ElectronRuntime } from '../electron/runtime.ts';

/** electron-builder looks for the executable under this name, whatever a runtime calls its own. */
const BUILDER_NAME = 'electron';

/** A copy of the runtime's folder as electron-builder takes it: the executable under the usual name, no app of anybody inside. */
export function runtimeFolder(runtime: ElectronRuntime, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  // Hard links: electron-builder copies the bytes again, so nothing of the cache is ever written to.
  execFileSync('cp', ['-al', dirname(runtime.executable), folder]);
  const executable = join(folder, basename(runtime.executable));
  if (basename(executable) !== BUILDER_NAME) renameSync(executable, join(folder, BUILDER_NAME));
  for (const foreign of ['app', 'app.asar', 'default_app.asar', 'app-update.yml'])
    if (existsSync(join(folder, 'resources', foreign))) rmSync(join(folder, 'resources', foreign), { recursive: true });
  return folder;
}
