import type { DiagnosedDevice, TraceLine } from '../../../contract/diagnostics-view.ts';
import { type Clock, isoNow } from '../../clock.ts';

const LENGTH = 200;
const MAX_DETAIL = 120;

/** Numbers, flags and codes of this software; anything else is masked. */
export type TraceFacts = Readonly<Record<string, number | boolean | string>>;

/** The last lines of what devices and lane said to each other, by verbs, codes, lengths and times. What was read is never handed in. */
export class Trace {
  readonly #clock: Clock;
  readonly #onLine: () => void;
  #lines: TraceLine[] = [];
  #number = 0;

  constructor(clock: Clock, onLine: () => void) {
    this.#clock = clock;
    this.#onLine = onLine;
  }

  get lines(): readonly TraceLine[] {
    return this.#lines;
  }

  add(device: DiagnosedDevice, mark: TraceLine['mark'], what: string, facts: TraceFacts = {}): void {
    this.#number += 1;
    const detail = Object.entries(facts)
      .map(([name, value]) => `${name}=${masked(value)}`)
      .join(' ')
      .slice(0, MAX_DETAIL);
    const line = { number: this.#number, at: isoNow(this.#clock), device, mark, what, detail };
    this.#lines = [...this.#lines, line].slice(-LENGTH);
    this.#onLine();
  }
}

/** The last fence: whatever looks like more than a code is not shown, whoever handed it in. */
function masked(value: number | boolean | string): string {
  if (typeof value === 'number') return String(Math.round(value * 10) / 10);
  if (typeof value === 'boolean') return String(value);
  return /^[a-z][a-zA-Z]{0,30}$/.test(value) ? value : '***';
}
