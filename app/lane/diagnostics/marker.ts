import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file that stands for as long as a technician has the lane. A lane process that dies meanwhile comes back out of service: a
 * restart is no readiness check.
 */
export class DiagnosticsMarker {
  readonly #path: string;

  constructor(dataFolder: string) {
    this.#path = join(dataFolder, 'in-diagnostics');
  }

  get stands(): boolean {
    return existsSync(this.#path);
  }

  /** False when it could not be written: the lane must not be taken then, since a restart would give it back by itself. */
  set(): boolean {
    try {
      writeFileSync(this.#path, '', { mode: 0o600 });
      return true;
    } catch {
      // Disk full or read-only: the lane is out of service for that already, or will be.
      return false;
    }
  }

  remove(): boolean {
    try {
      rmSync(this.#path, { force: true });
      return true;
    } catch {
      // It stays out of service, which is the safe side.
      return false;
    }
  }
}
