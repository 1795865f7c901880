import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { DiagnosticsView } from '../../app/contract/diagnostics-view.ts';
import { type FromLane, fromLaneSchema, type ToLane } from '../../app/contract/lane-messages.ts';
import type { ConsoleReply, ConsoleRequest, ConsoleSession } from '../../app/contract/supervisor-console.ts';
import type { SupervisorView } from '../../app/contract/supervisor-view.ts';
import type { TravellerView } from '../../app/contract/traveller-view.ts';
import { childEnvironment, HEAP_ARGUMENTS } from '../../app/main/child-environment.ts';
import type { RgbaFrame } from '../../models/face/image.ts';

const LANE = fileURLToPath(new URL('../../app/lane/lane-process.ts', import.meta.url));
/** Longer than any story takes on a busy machine. Milliseconds. */
const PATIENCE_MS = 40_000;
/** As many frames as the models take on two cores. Milliseconds. */
const FRAME_EVERY_MS = 80;

/**
 * The lane's own process, started and spoken to as Electron main does where its Node is too old: what it says is read by the contract,
 * and one word that breaks it fails the test. Its camera plays while its screen wants one.
 */
export class ForkedLane {
  readonly #child: ChildProcess;
  readonly #replies = new Map<number, (reply: ConsoleReply) => void>();
  readonly #waiters = new Set<() => void>();
  readonly #camera: NodeJS.Timeout;
  #frames: readonly RgbaFrame[] = [];
  #played = 0;
  #asked = 0;
  #broken: string | null = null;
  /** How often it said that it is open. */
  started = 0;
  exitCode: number | null = null;
  traveller: TravellerView | null = null;
  /** What the console in front of it shows; null until somebody is signed in. */
  supervisor: SupervisorView | null = null;
  session: ConsoleSession | null = null;
  diagnostics: DiagnosticsView | null = null;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (raw) => this.#heard(raw));
    child.on('exit', (code) => {
      this.exitCode = code;
      this.#changed();
    });
    this.#camera = setInterval(() => this.#playFrame(), FRAME_EVERY_MS);
  }

  static async start(profilePath: string): Promise<ForkedLane> {
    const child = fork(LANE, [`--lane-profile=${profilePath}`, '--restarts=0'], {
      execArgv: [...HEAP_ARGUMENTS],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: childEnvironment(process.env),
    });
    const lane = new ForkedLane(child);
    onTestFinished(() => lane.kill());
    await lane.waitFor(() => lane.started === 1);
    return lane;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Every file and device that the process has open now, by its path. */
  get openPaths(): readonly string[] {
    const folder = `/proc/${this.pid}/fd`;
    return readdirSync(folder).flatMap((name) => {
      try {
        return [readlinkSync(`${folder}/${name}`)];
      } catch {
        // Closed meanwhile.
        return [];
      }
    });
  }

  send(message: ToLane): void {
    this.#child.send(message);
  }

  ask(request: ConsoleRequest): Promise<ConsoleReply> {
    this.#asked += 1;
    const id = this.#asked;
    this.send({ type: 'console', id, request });
    return new Promise((resolve) => this.#replies.set(id, resolve));
  }

  /** Who stands before the camera from now on. */
  stand(frames: readonly RgbaFrame[]): void {
    this.#frames = frames;
  }

  async waitFor(holds: (lane: ForkedLane) => boolean, limitMs = PATIENCE_MS): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        settle();
      };
      const look = (): void => {
        if (this.#broken !== null) end(() => reject(new Error(String(this.#broken))));
        else if (holds(this)) end(resolve);
        else if (this.exitCode !== null) end(() => reject(new Error(`the lane ended with ${this.exitCode}`)));
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`waited in vain: ${holds.toString().slice(0, 120)}; ${this.#describe()}`))),
        limitMs,
      );
      this.#waiters.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    this.send({ type: 'shutdown' });
    await this.waitFor(({ exitCode }) => exitCode !== null);
    this.kill();
  }

  kill(): void {
    clearInterval(this.#camera);
    this.#child.kill('SIGKILL');
  }

  #heard(raw: unknown): void {
    const message = fromLaneSchema.safeParse(raw);
    if (message.success) this.#take(message.data);
    else this.#broken = `broke the contract: ${message.error.message.slice(0, 300)}`;
    this.#changed();
  }

  #take(message: FromLane): void {
    switch (message.type) {
      case 'started':
        this.started += 1;
        break;
      case 'startFailed':
        this.#broken = `${message.code}: ${message.message}`;
        break;
      case 'travellerView':
        this.traveller = message.view;
        break;
      case 'consoleReply':
        this.#replies.get(message.id)?.(message.reply);
        this.#replies.delete(message.id);
        break;
      case 'consoleUpdate':
        if (message.update.type === 'lane') this.supervisor = message.update.view;
        else if (message.update.type === 'session') this.session = message.update.session;
        break;
      case 'diagnosticsView':
        this.diagnostics = message.view;
        break;
      case 'pong':
        break;
    }
  }

  #changed(): void {
    for (const look of [...this.#waiters]) look();
  }

  #playFrame(): void {
    const frame = this.#frames[this.#played % Math.max(1, this.#frames.length)];
    if (frame === undefined || (this.traveller?.camera ?? 'off') === 'off' || !this.#child.connected) return;
    this.#played += 1;
    const data = Uint8Array.from(frame.data);
    // A row of frames that comes round again is a film to the lane, and rightly: one grain of noise more each time.
    data[(this.#played * 4) % data.length]! ^= 1;
    const { width, height } = frame;
    this.send({ type: 'frame', width, height, capturedAtMs: performance.now(), data });
  }

  #describe(): string {
    const { supervisor, traveller } = this;
    const reasons = supervisor?.outOfServiceReasons.join(' ') ?? 'nobody is signed in';
    return `${traveller?.step} ${traveller?.direction.from}, ${reasons}, ${supervisor?.alarms.map(({ event }) => event).join(' ')}`;
  }
}
