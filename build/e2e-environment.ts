import type { Launchable } from './launch.ts';

/** What the end-to-end harness must know of the Electron that was prepared. */
export function endToEndEnvironment({ env, runtime, args }: Launchable, reportFile: string): NodeJS.ProcessEnv {
  return {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile,
    JOINTGATE_E2E_EXECUTABLE: runtime.executable,
    JOINTGATE_E2E_ARGS: JSON.stringify(args),
  };
}
