import { parseArgs } from 'node:util';

/** How the program was started. Unknown switches are Chromium's or a test driver's and are left alone. */
export interface MainOptions {
  /** Desk windows instead of a kiosk. */
  readonly windowed: boolean;
  /** Demo devices at the other end of the wire, and the bench window. */
  readonly demo: boolean;
  /** Lane profile file; the demo brings its own. */
  readonly laneProfile: string | null;
  /** Demo: officers sign in as in the field. */
  readonly signIn: boolean;
  /** The technician's window from the start; Ctrl+Alt+D opens it at any time. */
  readonly diagnostics: boolean;
  /** Demo: where its data and camera file live. */
  readonly demoFolder: string | null;
  /** `file`: the demo's camera file feeds getUserMedia; `real`: the machine's own camera. */
  readonly camera: 'file' | 'real';
}

export function readOptions(argv: readonly string[]): MainOptions {
  const { values } = parseArgs({
    args: argv.filter((arg) => arg.startsWith('--')),
    options: {
      windowed: { type: 'boolean', default: false },
      demo: { type: 'boolean', default: false },
      'sign-in': { type: 'boolean', default: false },
      diagnostics: { type: 'boolean', default: false },
      'lane-profile': { type: 'string' },
      'demo-folder': { type: 'string' },
      camera: { type: 'string', default: 'file' },
    },
    strict: false,
  });
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  return {
    windowed: values.windowed === true,
    demo: values.demo === true,
    signIn: values['sign-in'] === true,
    diagnostics: values.diagnostics === true,
    laneProfile: text(values['lane-profile']),
    demoFolder: text(values['demo-folder']),
    camera: values.camera === 'real' ? 'real' : 'file',
  };
}
