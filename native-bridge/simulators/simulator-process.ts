import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ImpossibleAct } from './impossible-act.ts';
import { type SimulatorProcessOptions, simulatorProcessMessageSchema } from './process-messages.ts';
import type { SteeringReply, SteeringVerb } from './steering.ts';

/** Source file of the child; a bundle names its own. */
const SIMULATOR_ENTRY = fileURLToPath(new URL('./process-main.ts', import.meta.url));

/** The simulators in their own process, steered from here. `execPath` is a Node 22 or later. */
export class SimulatorProcess {
  readonly paths: { readonly documentScanner: string; readonly laneController: string };
  readonly #child: ChildProcess;
  readonly #waiting: Map<number, (reply: SteeringReply | null) => void>;
  #nextId = 0;

  private constructor(
    child: ChildProcess,
    paths: SimulatorProcess['paths'],
    waiting: Map<number, (reply: SteeringReply | null) => void>,
  ) {
    this.#child = child;
    this.paths = paths;
    this.#waiting = waiting;
  }

  static start(
    options: SimulatorProcessOptions,
    entry: string = SIMULATOR_ENTRY,
    execPath: string = process.execPath,
  ): Promise<SimulatorProcess> {
    const child = fork(entry, [JSON.stringify(options)], { execPath, execArgv: [] });
    const waiting = new Map<number, (reply: SteeringReply | null) => void>();
    return new Promise((resolve, reject) => {
      child.on('message', (raw: unknown) => {
        const message = simulatorProcessMessageSchema.parse(raw);
        if (message.type === 'plugged') resolve(new SimulatorProcess(child, message.paths, waiting));
        else waiting.get(message.reply.id)?.(message.reply);
      });
      child.once('error', reject);
      child.once('exit', (code) => {
        reject(new Error(`the simulator process ended with ${code} before its devices were plugged in`));
        for (const settle of waiting.values()) settle(null);
      });
    });
  }

  /** Resolves when the act is done; `timeout` only from verbs that wait. Throws {@link ImpossibleAct}, and when the process is gone. */
  async steer(verb: SteeringVerb): Promise<'done' | 'timeout'> {
    const id = this.#nextId;
    this.#nextId += 1;
    const reply = await new Promise<SteeringReply | null>((resolve) => {
      this.#waiting.set(id, resolve);
      if (!this.#child.connected) resolve(null);
      else this.#child.send({ id, verb });
    });
    this.#waiting.delete(id);
    if (reply === null) throw new Error('the simulator process is gone');
    if (reply.outcome === 'impossible') throw new ImpossibleAct(reply.why);
    return reply.outcome;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    if (this.#child.connected) this.#child.disconnect();
    else this.#child.kill();
    await ended;
  }
}
