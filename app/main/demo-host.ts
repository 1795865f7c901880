import { type BenchAction, fromBenchSchema, type ToBench } from '../contract/bench-messages.ts';
import { type NodeChild, type NodeChildOptions, startNodeChild } from './child-process.ts';

const READY_DEADLINE_MS = 60_000;

/** The demo's devices, in a process of their own: the far end of the wires, reached by nobody else. */
export class DemoHost {
  readonly #child: NodeChild;
  readonly laneProfilePath: Promise<string>;

  constructor(options: NodeChildOptions, onView: (view: unknown) => void) {
    this.#child = startNodeChild(options);
    this.laneProfilePath = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the demo devices did not start in time')), READY_DEADLINE_MS);
      this.#child.onExit((code) => reject(new Error(`the demo devices ended with ${code}`)));
      this.#child.onMessage((raw) => {
        const message = fromBenchSchema.parse(raw);
        if (message.type === 'view') return onView(message.view);
        clearTimeout(timer);
        if (message.type === 'ready') resolve(message.laneProfilePath);
        else reject(new Error(message.message));
      });
    });
  }

  act(action: BenchAction): void {
    this.#child.send({ type: 'action', action } satisfies ToBench);
  }

  stop(): void {
    this.#child.send({ type: 'shutdown' } satisfies ToBench);
  }
}
