import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentScannerEvent } from '../../../../native-bridge/ports/document-scanner.ts';
import type { Check } from '../../../contract/crossing.ts';
import { accessKeyFromMrz } from '../../../documents/chip/access-key-from-mrz.ts';
import { judgeChip } from '../../../documents/chip/chip-verdict.ts';
import { DEFAULT_MAX_FILE_BYTES, LANE_DATA_GROUPS, readChip } from '../../../documents/chip/read-chip.ts';
import { BUNDLED_DEFECTS } from '../../../documents/lds/defects.ts';
import { TrustDatabase } from '../../../documents/lds/pki/trust-database.ts';
import { TrustStore } from '../../../documents/lds/pki/trust-store.ts';
import { isoPartialDate } from '../../../documents/mrz/calendar-date.ts';
import { readMrz } from '../../../documents/mrz/read-mrz.ts';
import type { MrzDocument, MrzReading } from '../../../documents/mrz/reading.ts';
import { splitMrzLines } from '../../../documents/mrz/split-lines.ts';
import { calendarDay } from '../../calendar-day.ts';
import { documentDigest } from '../../enrolment-store.ts';
import { tracedChannel } from '../watch/traced-channel.ts';
import type { BenchParts, TestBoard, TestEnd } from './bench.ts';

/** For a technician to find the document and lay it down. Milliseconds. */
const DOCUMENT_WITHIN_MS = 30_000;
const CHIP_WITHIN_MS = 20_000;

/** What is done with the document that is laid down next. */
export type DocumentWish = 'test' | 'chip' | 'register';

export interface DocumentTestListener {
  /** Of a document to be registered: its keyed digest, the only form in which its number leaves this file. */
  onRegister(digest: string, officer: string): Promise<TestEnd>;
}

/**
 * Reads one document for a technician: its format and how its checks came out are told, nothing that is printed on it. It opens
 * no record and no door: this object knows neither.
 */
export class DocumentTest {
  readonly #parts: BenchParts;
  readonly #board: TestBoard;
  readonly #listener: DocumentTestListener;
  #waiting: { readonly wish: DocumentWish; readonly officer: string } | null = null;
  #cancelTimer: (() => void) | null = null;
  #abort: AbortController | null = null;
  readonly #unsubscribe: () => void;

  constructor(parts: BenchParts, board: TestBoard, listener: DocumentTestListener) {
    this.#parts = parts;
    this.#board = board;
    this.#listener = listener;
    this.#unsubscribe = parts.documentScanner.subscribe((event) => this.#heard(event));
  }

  begin(wish: DocumentWish, officer: string): void {
    if (wish === 'chip' && this.#parts.chipReader === null) {
      void this.#board.end('chip', officer, { outcome: 'notFitted', code: 'noChipReader', facts: {} });
      return;
    }
    if (!this.#board.begin(testOf(wish), 'document', DOCUMENT_WITHIN_MS)) return;
    this.#waiting = { wish, officer };
    this.#cancelTimer = this.#parts.clock.after(DOCUMENT_WITHIN_MS, () =>
      this.#end({ outcome: 'failed', code: 'noDocument', facts: {} }),
    );
  }

  cancel(): void {
    this.#abort?.abort();
    if (this.#waiting === null) return;
    this.#forget();
    this.#board.idle();
  }

  close(): void {
    this.cancel();
    this.#unsubscribe();
  }

  #heard(event: DocumentScannerEvent): void {
    if (this.#waiting === null) return;
    if (event.type === 'readProblem')
      this.#end({ outcome: 'failed', code: event.code, facts: { bytes: event.discardedBytes } });
    else if (event.type === 'lost') this.#end({ outcome: 'failed', code: event.reason, facts: {} });
    else if (event.type === 'documentRead') void this.#read(event.text);
  }

  async #read(text: string): Promise<void> {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#forget();
    const { clock, timeZone } = this.#parts;
    const today = calendarDay(clock.nowMs(), timeZone);
    const lines = splitMrzLines(text);
    const reading = readMrz(lines, { today });
    const told = printedResult(reading, lines.length, isoPartialDate(today) ?? '');
    const { officer, wish } = waiting;
    if (wish === 'test' || told.outcome === 'failed' || reading.format === null)
      return this.#board.end(testOf(wish), officer, told);
    if (wish === 'register') {
      const { issuingState, documentNumber } = reading;
      const digest = documentDigest(this.#parts.portKey, { issuingState, number: documentNumber });
      return this.#board.end('document', officer, await this.#listener.onRegister(digest, officer));
    }
    this.#board.now('chip', {}, CHIP_WITHIN_MS);
    return this.#board.end('chip', officer, await this.#readChip(reading, lines, told));
  }

  async #readChip(document: MrzDocument, lines: readonly string[], printed: TestEnd): Promise<TestEnd> {
    const { chipReader, clock, trace, dataFolder } = this.#parts;
    const channel = await chipReader?.awaitChip(CHIP_WITHIN_MS);
    if (channel === undefined) return { outcome: 'notFitted', code: 'noChipReader', facts: {} };
    if (!channel.ok) return { outcome: 'failed', code: channel.error.code, facts: {} };
    this.#abort = new AbortController();
    const startedAt = clock.monotonicMs();
    try {
      const reading = await readChip({
        channel: tracedChannel(channel.value, trace),
        key: accessKeyFromMrz(document),
        random: (length) => new Uint8Array(randomBytes(length)),
        nowMs: () => clock.monotonicMs(),
        dataGroups: LANE_DATA_GROUPS,
        maxFileBytes: DEFAULT_MAX_FILE_BYTES,
        onProgress: () => undefined,
        signal: this.#abort.signal,
      });
      const ms = Math.round(clock.monotonicMs() - startedAt);
      const { checks } = judgeChip({
        reading,
        printedMrz: lines,
        store: trustStoreIn(dataFolder),
        defects: BUNDLED_DEFECTS,
        at: new Date(clock.nowMs()),
      });
      // The chip's files are somebody's passport, a test document's too: nothing of them is needed any more.
      for (const bytes of reading.files.values()) bytes.fill(0);
      const all = [...(printed.checks ?? []), ...checks];
      const bad = all.find(({ outcome }) => outcome === 'failed');
      return {
        outcome: bad === undefined ? 'passed' : 'failed',
        code: bad === undefined ? null : bad.id,
        facts: { protocol: reading.access?.protocol ?? null, files: reading.files.size, ms },
        checks: all,
      };
    } finally {
      this.#abort = null;
      await channel.value.close();
    }
  }

  #end(result: TestEnd): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#forget();
    void this.#board.end(testOf(waiting.wish), waiting.officer, result);
  }

  #forget(): void {
    this.#waiting = null;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}

function testOf(wish: DocumentWish): 'document' | 'chip' {
  return wish === 'chip' ? 'chip' : 'document';
}

/** Format and outcomes; of a problem its code. */
function printedResult(reading: MrzReading, lines: number, today: string): TestEnd {
  const facts = { format: reading.format, lines };
  if (reading.format === null) return { outcome: 'failed', code: 'unrecognisedFormat', facts };
  const expiry = reading.expiry === null ? null : isoPartialDate(reading.expiry);
  const digits: Check = {
    id: 'mrzCheckDigits',
    outcome: reading.valid ? 'passed' : 'failed',
    reason: reading.valid ? null : (reading.problems[0]?.code ?? 'checkDigitMismatch').slice(0, 64),
  };
  const valid = expiry !== null && expiry >= today;
  const dates: Check = {
    id: 'documentValidity',
    outcome: valid ? 'passed' : 'failed',
    reason: valid ? null : expiry === null ? 'expiryUnknown' : 'expired',
  };
  // An expired test document reads as well as any: only its check digits tell of the scanner.
  const outcome = !reading.valid ? 'failed' : valid ? 'passed' : 'warning';
  const code = !reading.valid ? digits.reason : dates.reason;
  return { outcome, code, facts, checks: [digits, dates] };
}

function trustStoreIn(dataFolder: string): TrustStore {
  const path = join(dataFolder, 'trust.sqlite');
  const opened = existsSync(path) ? TrustDatabase.open(path) : null;
  if (opened === null || !opened.ok) return new TrustStore();
  const { store } = opened.value;
  opened.value.close();
  return store;
}
