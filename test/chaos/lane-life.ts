import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FromChild, ToChild } from './messages.ts';

const CHILD = fileURLToPath(new URL('./lane-child.ts', import.meta.url));

/** A lane process as its killer sees it. */
export class LaneLife {
  readonly #child: ChildProcess;
  readonly #heard: FromChild['type'][] = [];
  readonly #exited: Promise<void>;
  #waiters: (() => void)[] = [];
  #over = false;
  /** Where it killed itself, in its own words; null when it was killed from outside, or lives. */
  killedAt: string | null = null;
  report: string | null = null;
  /** Signal or exit code, once it is over. */
  ended: string | null = null;

  constructor(member: string) {
    this.#child = fork(CHILD, [member], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    this.#child.on('message', (message: FromChild) => {
      if (message.type === 'report') this.report = message.ending;
      this.#heard.push(message.type);
      this.#tell();
    });
    const lines = createInterface({ input: this.#child.stdout ?? process.stdin });
    lines.on('line', (line) => {
      if (line.startsWith('killed ')) this.killedAt = line.slice('killed '.length);
    });
    const said = new Promise<void>((resolve) => lines.once('close', resolve));
    // A message to a child that has just died: its end is told below.
    this.#child.on('error', () => undefined);
    const exit = new Promise<void>((resolve) =>
      this.#child.once('exit', (code, signal) => {
        this.ended = signal ?? `code ${code}`;
        resolve();
      }),
    );
    this.#exited = Promise.all([said, exit]).then(() => {
      this.#over = true;
      this.#tell();
    });
  }

  get over(): boolean {
    return this.#over;
  }

  heard(type: FromChild['type']): boolean {
    return this.#heard.includes(type);
  }

  send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** Resolves true when it has said so, false when it has ended first. Rejects after a minute and a half. */
  async until(type: FromChild['type']): Promise<boolean> {
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), 90_000);
    try {
      while (!this.heard(type) && !this.#over) await new Promise<void>((resolve) => this.#waiters.push(resolve));
      return this.heard(type);
    } finally {
      clearTimeout(limit);
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async end(): Promise<void> {
    this.send({ type: 'close' });
    await this.#exited;
  }

  #tell(): void {
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiting) resolve();
  }
}
