import type { ChipReader } from '../../../../native-bridge/ports/chip-reader.ts';
import type { DocumentScanner } from '../../../../native-bridge/ports/document-scanner.ts';
import type { DoorState } from '../../../../native-bridge/ports/lane-controller.ts';
import type { Facts, SelfOutcome } from '../../../contract/diagnostics-checks.ts';
import type { DeviceTest, RunningTest, TestResult } from '../../../contract/diagnostics-view.ts';
import type { Clock } from '../../clock.ts';
import type { Diary } from '../../diary.ts';
import type { Service } from '../../service.ts';
import type { RunHeavy } from '../heavy/heavy-task.ts';
import type { Trace } from '../watch/trace.ts';
import type { TracedLaneController } from '../watch/traced-lane-controller.ts';

/** What the tests of a technician work with. */
export interface BenchParts {
  readonly clock: Clock;
  readonly diary: Diary;
  readonly service: Service;
  readonly trace: Trace;
  readonly documentScanner: DocumentScanner;
  readonly laneController: TracedLaneController;
  readonly chipReader: ChipReader | null;
  /** The doors as the lane last heard of them. */
  readonly doors: () => readonly DoorState[];
  readonly heavy: RunHeavy;
  readonly modelRoot: string;
  readonly dataFolder: string;
  readonly portKey: Uint8Array;
  readonly timeZone: string;
}

export interface TestEnd {
  readonly outcome: SelfOutcome;
  readonly code: string | null;
  readonly facts: Facts;
  readonly checks?: TestResult['checks'];
}

const RESULTS_KEPT = 20;

/** One test at a time: what runs, what the last ones gave, and the audit line of each. */
export class TestBoard {
  readonly #clock: Clock;
  readonly #diary: Diary;
  readonly #onChange: () => void;
  #running: RunningTest | null = null;
  #results: readonly TestResult[] = [];

  constructor(clock: Clock, diary: Diary, onChange: () => void) {
    this.#clock = clock;
    this.#diary = diary;
    this.#onChange = onChange;
  }

  get running(): RunningTest | null {
    return this.#running;
  }

  get results(): readonly TestResult[] {
    return this.#results;
  }

  /** False while another test runs: two hands on one device tell nothing. `forMs`: how long it may wait. */
  begin(test: RunningTest['test'], waitsFor: RunningTest['waitsFor'], forMs: number | null = null): boolean {
    if (this.#running !== null) return false;
    this.#running = { test, waitsFor, door: null, question: 0, until: this.#in(forMs) };
    this.#onChange();
    return true;
  }

  /** The running test waits for something else now. */
  now(
    waitsFor: RunningTest['waitsFor'],
    more: Partial<Pick<RunningTest, 'door' | 'question'>>,
    forMs: number | null,
  ): void {
    if (this.#running === null) return;
    this.#running = { ...this.#running, ...more, waitsFor, until: this.#in(forMs) };
    this.#onChange();
  }

  idle(): void {
    this.#running = null;
    this.#onChange();
  }

  async end(test: DeviceTest, officer: string, { outcome, code, facts, checks = [] }: TestEnd): Promise<void> {
    if (this.#running?.test === test) this.#running = null;
    const at = new Date(this.#clock.nowMs()).toISOString();
    const result: TestResult = { test, at, outcome, code, facts, checks: [...checks] };
    this.#results = [result, ...this.#results].slice(0, RESULTS_KEPT);
    this.#onChange();
    await this.#diary.note('deviceTested', {
      detail: `${test} ${code ?? outcome}`,
      facts: { officer, test, outcome, code },
    });
  }

  #in(forMs: number | null): string | null {
    return forMs === null ? null : new Date(this.#clock.nowMs() + forMs).toISOString();
  }
}
