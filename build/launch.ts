import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { type Display, ensureSystemLibraries, hasDisplay, openVirtualDisplay } from './electron/display.ts';
import { type ElectronRuntime, ensureElectron } from './electron/runtime.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Launchable {
  readonly runtime: ElectronRuntime;
  readonly display: Display | null;
  /** Arguments that every start needs: our main bundle, and what this machine forces on Chromium. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Makes everything an Electron start needs: the binary, system libraries, a display, fresh bundles. */
export async function prepareLaunch(say: (line: string) => void): Promise<Launchable> {
  const runtime = ensureElectron(say);
  say(
    `running on Electron ${runtime.version} (${runtime.source === 'official' ? 'its own release' : 'declared fallback'})`,
  );
  const virtual = !hasDisplay();
  ensureSystemLibraries(runtime.executable, virtual, say);
  await bundle(say);
  const display = virtual ? await openVirtualDisplay() : null;
  if (display !== null) say(`no display here: using a virtual one (${display.name})`);
  const args = [join(ROOT, 'dist/main/main.cjs')];
  // Chromium refuses to sandbox root. The field package never runs as root and never passes this.
  if (process.platform === 'linux' && process.getuid?.() === 0) args.push('--no-sandbox');
  return { runtime, display, args, env: { ...process.env, ...(display === null ? {} : { DISPLAY: display.name }) } };
}
