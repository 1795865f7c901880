import type { MessagePortMain } from 'electron';
import { type FromLane, fromLaneSchema, type ToLane } from '../contract/lane-messages.ts';
import { type NodeChild, type NodeChildOptions, startNodeChild } from './child-process.ts';

/** Between two starts of a lane process that keeps dying, in milliseconds: quick at first, then patient. */
const RESTART_DELAYS_MS = [100, 500, 2_000, 5_000, 15_000];
/** A lane that ran this long was healthy: the next death starts the delays anew. */
const HEALTHY_AFTER_MS = 60_000;
const PING_EVERY_MS = 2_000;
/** A lane process that does not answer for so long is wedged and is killed: its doors shut by themselves. */
const PING_DEADLINE_MS = 10_000;
const SHUTDOWN_DEADLINE_MS = 5_000;

export interface LaneHostListener {
  onMessage(message: FromLane): void;
  /** The lane process is gone; the screens must be safe until `started` comes again. */
  onDown(reason: 'exited' | 'wedged' | 'misspoke'): void;
}

/** Keeps one lane process alive: starts it, listens to it through the contract, restarts it when it dies or wedges. */
export class LaneHost {
  readonly #options: NodeChildOptions;
  readonly #listener: LaneHostListener;
  #child: NodeChild | null = null;
  #attempt = 0;
  #startedAt = 0;
  #lastPong = 0;
  #pings: NodeJS.Timeout | null = null;
  #restart: NodeJS.Timeout | null = null;
  #stopping = false;

  constructor(options: NodeChildOptions, listener: LaneHostListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    // The lane audits its own death: it is told how often it was restarted.
    const child = startNodeChild({ ...this.#options, args: [...this.#options.args, `--restarts=${this.#attempt}`] });
    this.#child = child;
    this.#startedAt = Date.now();
    this.#lastPong = Date.now();
    child.onMessage((message) => this.#receive(child, message));
    child.onExit(() => this.#exited(child));
    this.#pings = setInterval(() => this.#ping(child), PING_EVERY_MS);
  }

  send(message: ToLane): void {
    this.#child?.send(message);
  }

  attachFramePort(port: MessagePortMain): void {
    if (this.#child === null) port.close();
    else this.#child.attachFramePort(port);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill(), SHUTDOWN_DEADLINE_MS);
      child.onExit(() => {
        clearTimeout(timer);
        resolve();
      });
      child.send({ type: 'shutdown' } satisfies ToLane);
    });
  }

  #receive(child: NodeChild, raw: unknown): void {
    if (child !== this.#child) return;
    const message = fromLaneSchema.safeParse(raw);
    if (!message.success) {
      // A lane that breaks the contract can't be trusted with a door. Paths and codes only: values may be personal.
      const problems = message.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`).slice(0, 5);
      process.stderr.write(`jointgate: the lane broke the contract: ${problems.join('; ')}\n`);
      this.#listener.onDown('misspoke');
      child.kill();
      return;
    }
    this.#lastPong = Date.now();
    this.#listener.onMessage(message.data);
  }

  #ping(child: NodeChild): void {
    if (Date.now() - this.#lastPong > PING_DEADLINE_MS) {
      this.#listener.onDown('wedged');
      child.kill();
      return;
    }
    child.send({ type: 'ping', id: Date.now() } satisfies ToLane);
  }

  #exited(child: NodeChild): void {
    if (child !== this.#child) return;
    this.#child = null;
    if (this.#pings !== null) clearInterval(this.#pings);
    if (this.#stopping) return;
    this.#listener.onDown('exited');
    if (Date.now() - this.#startedAt > HEALTHY_AFTER_MS) this.#attempt = 0;
    const delayMs = RESTART_DELAYS_MS[Math.min(this.#attempt, RESTART_DELAYS_MS.length - 1)] ?? 15_000;
    this.#attempt += 1;
    this.#restart = setTimeout(() => this.start(), delayMs);
  }
}
