import type { BenchParts, TestBoard, TestEnd } from './bench.ts';

/** A question that nobody answered in this time was not meant. Milliseconds. */
const CONFIRM_WITHIN_MS = 15_000;
/** How long the door stands open: long enough to see, too short to walk to it from the other end. */
const OPEN_FOR_MS = 3_000;

const failed = (code: string, door: number): TestEnd => ({ outcome: 'failed', code, facts: { door } });

/**
 * The one place in diagnostics that opens a door, and only this way: a technician asked for this very door, was told what will
 * move, and confirmed the same question. Every other door is shut, nobody stands in this one, and the journal has it first.
 */
export class DoorTest {
  readonly #parts: BenchParts;
  readonly #board: TestBoard;
  #question = 0;
  #asked: { readonly door: number; readonly question: number; readonly officer: string } | null = null;
  #cancelTimer: (() => void) | null = null;
  /** Ends the open phase early; null while no door is open for a test. */
  #shutNow: (() => void) | null = null;

  constructor(parts: BenchParts, board: TestBoard) {
    this.#parts = parts;
    this.#board = board;
  }

  ask(door: number, officer: string): void {
    if (door > this.#parts.laneController.doorCount) return;
    if (!this.#board.begin('door', 'confirmation', CONFIRM_WITHIN_MS)) return;
    this.#question += 1;
    this.#asked = { door, question: this.#question, officer };
    this.#board.now('confirmation', { door, question: this.#question }, CONFIRM_WITHIN_MS);
    this.#cancelTimer = this.#parts.clock.after(CONFIRM_WITHIN_MS, () => this.cancel());
  }

  async confirm(door: number, question: number): Promise<void> {
    const asked = this.#asked;
    // Another door, an old question, or a second press of the same button opens nothing.
    if (asked === null || asked.door !== door || asked.question !== question) return;
    this.#forget();
    this.#board.now('doorToShut', {}, null);
    await this.#board.end('door', asked.officer, await this.#openOnce(door, asked.officer));
  }

  /** Nothing was opened yet: the question is taken back. Something is open: it is shut now. */
  cancel(): void {
    if (this.#asked !== null) {
      this.#forget();
      this.#board.idle();
    }
    this.#shutNow?.();
  }

  #forget(): void {
    this.#asked = null;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  async #openOnce(door: number, officer: string): Promise<TestEnd> {
    const { laneController, diary, service } = this.#parts;
    const before = await laneController.readState();
    if (!before.ok) return failed(before.error.code, door);
    if (before.value.emergency) return failed('emergency', door);
    if (before.value.doors.some(({ open }) => open)) return failed('anotherDoorOpen', door);
    const own = before.value.doors.find((state) => state.door === door);
    if (own === undefined) return failed('noSuchDoor', door);
    if (own.errorBits !== 0 || own.mode !== 'normal') return failed('doorFault', door);
    if (own.occupied.exit || own.occupied.entry) return failed('doorOccupied', door);
    await diary.note('doorTested', { detail: `door ${door}`, facts: { officer, door } });
    // What is not in the journal was not allowed to happen; and whoever left diagnostics meanwhile opens nothing.
    if (service.has('storeFailed')) return failed('storeFailed', door);
    if (!service.has('diagnostics')) return failed('notInDiagnostics', door);
    const opened = await laneController.openDoor(door, 'forward', 1);
    if (!opened.ok) {
      await laneController.closeDoor(door);
      return failed(opened.error.code, door);
    }
    this.#board.now('doorToShut', {}, OPEN_FOR_MS);
    await this.#whileOpen();
    return this.#shut(door, own.countForward + own.countBackward);
  }

  #whileOpen(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(OPEN_FOR_MS, () => this.#shutNow?.());
      this.#shutNow = () => {
        this.#shutNow = null;
        cancel();
        resolve();
      };
    });
  }

  async #shut(door: number, countedBefore: number): Promise<TestEnd> {
    const { laneController, service } = this.#parts;
    const closed = await laneController.closeDoor(door);
    const after = await laneController.readState();
    const own = after.ok ? after.value.doors.find((state) => state.door === door) : undefined;
    const passed = own === undefined ? null : own.countForward + own.countBackward - countedBefore;
    // Somebody is in the lane, or nobody knows: an officer looks before the next traveller is let in.
    if (passed !== 0) service.set('laneToBeChecked', true);
    if (!closed.ok) return failed(closed.error.code, door);
    if (own === undefined || own.open) return failed('doorDidNotShut', door);
    if (passed !== 0) return { outcome: 'warning', code: 'somebodyPassed', facts: { door, persons: passed } };
    return { outcome: 'passed', code: null, facts: { door, openMs: OPEN_FOR_MS } };
  }
}
