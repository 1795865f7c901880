import { randomBytes } from 'node:crypto';
import type { ChipReader } from '../../native-bridge/ports/chip-reader.ts';
import { CHIP_CHECK_IDS, type Check } from '../contract/crossing.ts';
import type { AccessKey } from '../documents/chip/access-key.ts';
import { judgeChip } from '../documents/chip/chip-verdict.ts';
import { type ChipReading, DEFAULT_MAX_FILE_BYTES, LANE_DATA_GROUPS, readChip } from '../documents/chip/read-chip.ts';
import type { DefectList } from '../documents/lds/defects.ts';
import { readDg2 } from '../documents/lds/dg2.ts';
import type { TrustStore } from '../documents/lds/pki/trust-store.ts';
import { chipPortrait } from './chip-portrait.ts';
import type { Clock } from './clock.ts';

export interface ChipDeskOptions {
  readonly reader: ChipReader;
  readonly store: () => TrustStore;
  readonly defects: DefectList;
  readonly clock: Clock;
  /** How long a chip may take to show itself; a document without one waits no longer. Milliseconds. */
  readonly awaitChipMs: number;
  /** From the first command to the last file. Milliseconds. */
  readonly readingTimeoutMs: number;
}

export interface ChipFindings {
  /** All nine chip checks. */
  readonly checks: readonly Check[];
  /** JPEG or PNG, and only of a chip whose signature and hashes hold. */
  readonly portrait: Uint8Array | null;
}

export interface ChipInspection {
  /** The chip has said all it will say: the document may be taken from the reader. */
  readonly read: Promise<void>;
  readonly findings: Promise<ChipFindings>;
  /** Nobody needs the findings any more. */
  stop(): void;
}

/** The printed side of the document that lies on the reader. */
export interface DocumentOnReader {
  readonly accessKey: AccessKey;
  readonly lines: readonly string[];
}

/** Of one chip, before its last word is taken. */
const MAX_READINGS = 3;
/** What a chip must have proved before its portrait is believed. */
const PROVED_FOR_PORTRAIT = ['sodSignature', 'signerChain', 'dataGroupHashes', 'mrzMatchesChip'] as const;

/** Reads and judges the chip of one document at a time. Never throws on what a chip says; keeps nothing of it. */
export class ChipDesk {
  readonly #options: ChipDeskOptions;

  constructor(options: ChipDeskOptions) {
    this.#options = options;
  }

  inspect(document: DocumentOnReader): ChipInspection {
    const stopping = new AbortController();
    const { clock, readingTimeoutMs } = this.#options;
    const stopTimer = clock.after(readingTimeoutMs, () => stopping.abort());
    const reading = this.#read(document, stopping.signal).finally(stopTimer);
    return {
      read: reading.then(() => undefined),
      findings: reading.then((read) => this.#judge(read, document)),
      stop: () => stopping.abort(),
    };
  }

  /** A reading that broke on the way is done again from the activation on: what counts is one that is whole. */
  async #read(document: DocumentOnReader, signal: AbortSignal): Promise<ChipReading | string> {
    let reading = await this.#readOnce(document, signal);
    for (let again = 1; again < MAX_READINGS && isBroken(reading) && !signal.aborted; again += 1) {
      const next = await this.#readOnce(document, signal);
      // Taken away meanwhile: what is known of the chip stays.
      if (typeof next === 'string') break;
      reading = next;
    }
    return reading;
  }

  async #readOnce({ accessKey }: DocumentOnReader, signal: AbortSignal): Promise<ChipReading | string> {
    const { reader, clock, awaitChipMs } = this.#options;
    const chip = await reader.awaitChip(awaitChipMs);
    if (!chip.ok) return chip.error.code === 'deviceTimeout' ? 'noChip' : chip.error.code;
    try {
      return await readChip({
        channel: chip.value,
        key: accessKey,
        random: (length) => Uint8Array.from(randomBytes(length)),
        nowMs: () => clock.monotonicMs(),
        dataGroups: LANE_DATA_GROUPS,
        maxFileBytes: DEFAULT_MAX_FILE_BYTES,
        onProgress: () => undefined,
        signal,
      });
    } finally {
      await chip.value.close();
    }
  }

  async #judge(reading: ChipReading | string, { lines }: DocumentOnReader): Promise<ChipFindings> {
    if (typeof reading === 'string') return { checks: chipChecksNotDone(reading), portrait: null };
    const { store, defects, clock } = this.#options;
    const at = new Date(clock.nowMs());
    const { checks } = judgeChip({ reading, printedMrz: lines, store: store(), defects, at });
    const proved = PROVED_FOR_PORTRAIT.every((id) =>
      checks.some((check) => check.id === id && check.outcome === 'passed'),
    );
    const file = reading.files.get('DG2');
    const dg2 = proved && file !== undefined ? readDg2(file) : null;
    const [image] = dg2?.ok === true ? dg2.value.images : [];
    const portrait = image === undefined ? null : await chipPortrait(image);
    // The files are personal data: nothing reads them after this.
    for (const bytes of reading.files.values()) bytes.fill(0);
    return { checks, portrait };
  }
}

/** The session's integrity, or the link under it, was lost: a chip that moved, a command that was sent twice. */
function isBroken(reading: ChipReading | string): boolean {
  if (typeof reading === 'string') return false;
  const { accessError, unreadable } = reading;
  return accessError !== null || [...unreadable.values()].some((code) => code === 'linkFailed');
}

/** One reason for all nine, so that none is silently absent. */
export function chipChecksNotDone(reason: string): readonly Check[] {
  return CHIP_CHECK_IDS.map((id) => ({ id, outcome: 'notDone', reason }));
}
