import { Session } from 'node:inspector/promises';

/** Which code of `folder` ran: V8's own block coverage, so that nothing has to be instrumented. */
export class Coverage {
  readonly #session = new Session();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Blocks that ran since the last call. */
  async take(): Promise<ReadonlySet<string>> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const ran = new Set<string>();
    for (const script of result) {
      if (!script.url.includes(this.#folder)) continue;
      for (const { ranges } of script.functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count > 0) ran.add(`${script.scriptId}:${startOffset}:${endOffset}`);
        }
      }
    }
    return ran;
  }

  async stop(): Promise<void> {
    await this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }
}

/**
 * Grows a corpus: an input that reaches a block which none before has reached becomes a seed. Coverage is taken once a batch; only a
 * batch that brought something new is run again, half by half, to find out which input it was.
 */
export class Corpus {
  readonly #coverage: Coverage;
  readonly #seen = new Set<string>();
  readonly seeds: Uint8Array[];

  constructor(coverage: Coverage, seeds: readonly Uint8Array[]) {
    this.#coverage = coverage;
    this.seeds = [...seeds];
  }

  get blocks(): number {
    return this.#seen.size;
  }

  /** After `batch` has run: keeps those of it that reached something new. */
  async learn(batch: readonly Uint8Array[], run: (input: Uint8Array) => void): Promise<void> {
    const fresh = this.#unseen(await this.#coverage.take());
    if (fresh.size > 0) await this.#search(batch, run);
    // Code that runs only once, such as a lazily built curve, is never reached again: known is known.
    for (const block of fresh) this.#seen.add(block);
  }

  /** Halves the batch until single inputs are left; halves that bring nothing new are run once. */
  async #search(batch: readonly Uint8Array[], run: (input: Uint8Array) => void): Promise<void> {
    const half = Math.ceil(batch.length / 2);
    for (const part of batch.length === 1 ? [batch] : [batch.slice(0, half), batch.slice(half)]) {
      for (const input of part) run(input);
      const fresh = this.#unseen(await this.#coverage.take());
      if (fresh.size === 0) continue;
      if (part.length > 1) {
        await this.#search(part, run);
      } else {
        this.seeds.push(part[0]!);
        for (const block of fresh) this.#seen.add(block);
      }
    }
  }

  #unseen(blocks: ReadonlySet<string>): Set<string> {
    return new Set([...blocks].filter((block) => !this.#seen.has(block)));
  }
}
