import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LANE = fileURLToPath(new URL('../../app/lane/lane-process.ts', import.meta.url));

/** The lane's own process, started as Electron main starts it on a runtime with an old Node-API. */
export class LaneChild {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static start(profilePath: string): Promise<LaneChild> {
    const { PATH, HOME, LANG, TZ, TMPDIR } = process.env;
    const child = fork(LANE, [`--lane-profile=${profilePath}`], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { PATH, HOME, LANG, TZ, TMPDIR },
    });
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the lane ended with ${code}`)));
      child.on('message', (message: { readonly type: string; readonly code?: string }) => {
        if (message.type === 'started') resolve(new LaneChild(child));
        else if (message.type === 'startFailed') reject(new Error(`the lane did not start: ${message.code}`));
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.send({ type: 'shutdown' });
    });
  }
}
