import { readFileSync, statSync } from 'node:fs';
import { type FuseConfig, FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

/** Marks the fuse wire in every Electron executable; then come its version, its length, and one character a fuse. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const STATES: Readonly<Record<string, FuseState>> = { '0': 'off', '1': 'on', '\x90': 'removed' };

export type FuseState = 'off' | 'on' | 'removed' | 'unknown';
export type FuseName = keyof typeof FuseV1Options;

/** How each fuse must stand in a field package, and why. */
const FIELD_FUSES: Readonly<Partial<Record<FuseName, { readonly on: boolean; readonly why: string }>>> = {
  RunAsNode: { on: false, why: 'ELECTRON_RUN_AS_NODE would make the kiosk a Node that runs anything' },
  EnableCookieEncryption: { on: true, why: 'there are no cookies; should one ever be, it is not plain on disk' },
  EnableNodeOptionsEnvironmentVariable: { on: false, why: 'NODE_OPTIONS would load code into main' },
  EnableNodeCliInspectArguments: { on: false, why: '--inspect would let a debugger into main' },
  EnableEmbeddedAsarIntegrityValidation: {
    on: true,
    why: 'a changed app.asar must not start (where the runtime checks it)',
  },
  OnlyLoadAppFromAsar: { on: true, why: 'a folder laid beside app.asar must not be taken instead of it' },
  LoadBrowserProcessSpecificV8Snapshot: { on: false, why: 'we ship no snapshot of our own' },
  GrantFileProtocolExtraPrivileges: { on: false, why: 'the screens come from app://, never from file://' },
};

export type FuseWire = ReadonlyMap<FuseName, FuseState>;

/** The fuses that an executable knows, in their order; older runtimes know fewer. */
export function readFuses(executable: string): FuseWire {
  const bytes = readFileSync(executable);
  const at = bytes.indexOf(SENTINEL);
  if (at < 0) throw new Error(`${executable} has no fuse wire`);
  const length = bytes[at + SENTINEL.length + 1] ?? 0;
  const wire = bytes.subarray(at + SENTINEL.length + 2, at + SENTINEL.length + 2 + length).toString('latin1');
  return new Map(
    [...wire].map((state, index) => [FuseV1Options[index] as FuseName, STATES[state] ?? 'unknown'] as const),
  );
}

/** Sets every fuse that the executable knows as the field package wants it; gives the wire as it then stands. */
export async function setFieldFuses(executable: string): Promise<FuseWire> {
  // The runtime in the cache is somebody else's: writing through a hard link would change it for every other program.
  if (statSync(executable).nlink !== 1) throw new Error(`${executable} shares its bytes with another file`);
  const known = readFuses(executable);
  const wanted: Record<number, boolean> = {};
  for (const name of known.keys()) {
    const fuse = FIELD_FUSES[name];
    if (fuse !== undefined) wanted[FuseV1Options[name]] = fuse.on;
  }
  await flipFuses(executable, { version: FuseVersion.V1, ...wanted } as FuseConfig);
  return readFuses(executable);
}

/** Fuses that do not stand as the field package wants them. */
export function wrongFuses(wire: FuseWire): readonly FuseName[] {
  return [...wire].flatMap(([name, state]) => {
    const wanted = FIELD_FUSES[name];
    return wanted === undefined || state === (wanted.on ? 'on' : 'off') ? [] : [name];
  });
}
