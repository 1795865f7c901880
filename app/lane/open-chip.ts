import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChipReader } from '../../native-bridge/ports/chip-reader.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { BUNDLED_DEFECTS, type DefectList, readDefectList } from '../documents/lds/defects.ts';
import { TrustDatabase } from '../documents/lds/pki/trust-database.ts';
import { ChipDesk } from './chip-desk.ts';
import type { Clock } from './clock.ts';
import type { ChipService } from './crossing-services.ts';
import type { OpenLaneError } from './lane-keys.ts';

const pathSchema = z.string().min(1).max(500);
const MAX_DEFECTS_BYTES = 4 * 1024 * 1024;

/** How a lane uses the chip of a document, where a chip reader is fitted. */
export const chipSettingSchema = z
  .strictObject({
    /** SQLite file of trusted authorities; null: `trust.sqlite` in the data folder. */
    trustStore: pathSchema.nullable().default(null),
    /** The operator's own list of issuers' known deviations; null: the one that comes with the software. */
    defects: pathSchema.nullable().default(null),
    /** A document without a chip waits no longer than this. Milliseconds. */
    awaitChip: z.int().min(50).max(10_000).default(700),
    /** From the first command to the last file. Milliseconds. */
    readingTimeout: z.int().min(500).max(60_000).default(8_000),
    awaitedAt: z.enum(['doorOne', 'controls']).default('doorOne'),
    portrait: z.enum(['enrolled', 'chip']).default('enrolled'),
  })
  .prefault({});
export type ChipSetting = z.infer<typeof chipSettingSchema>;

/** How much longer identifying may take because door 1 waits for the chip. Milliseconds. */
export function chipWaitMs(fitted: boolean, { awaitedAt, awaitChip, readingTimeout }: ChipSetting): number {
  return fitted && awaitedAt === 'doorOne' ? awaitChip + readingTimeout : 0;
}

export interface OpenedChip {
  readonly service: ChipService | null;
  /** Takes certificates and lists into the trust store and gives what is wrong with them; null without a reader. */
  readonly importTrust: ((data: Uint8Array, source: string) => readonly string[]) | null;
  close(): void;
}

/** The lane's chip desk with its trust store; without a reader there is none. */
export function openChip(
  setting: ChipSetting,
  dataFolder: string,
  reader: ChipReader | null,
  clock: Clock,
): Result<OpenedChip, OpenLaneError> {
  if (reader === null) return ok({ service: null, importTrust: null, close: () => undefined });
  const defects = defectsOf(setting.defects);
  if (!defects.ok) return defects;
  const trust = TrustDatabase.open(setting.trustStore ?? join(dataFolder, 'trust.sqlite'));
  if (!trust.ok) return trust;
  const desk = new ChipDesk({
    reader,
    store: () => trust.value.store,
    defects: defects.value,
    clock,
    awaitChipMs: setting.awaitChip,
    readingTimeoutMs: setting.readingTimeout,
  });
  return ok({
    service: { desk, awaitedAt: setting.awaitedAt, portrait: setting.portrait },
    importTrust: (data, source) => {
      const { kind, problems } = trust.value.import(data, source, clock.nowMs());
      return kind === 'unknown' && problems.length === 0 ? ['unknown'] : problems;
    },
    close: () => trust.value.close(),
  });
}

function defectsOf(path: string | null): Result<DefectList, OpenLaneError> {
  if (path === null) return ok(BUNDLED_DEFECTS);
  try {
    if (statSync(path).size > MAX_DEFECTS_BYTES) return err({ code: 'defectListMalformed', detail: 'too large' });
    const read = readDefectList(readFileSync(path, 'utf8'));
    return read.ok ? read : err({ code: read.error.code, detail: read.error.what });
  } catch (cause) {
    return err({ code: 'defectListUnreadable', detail: cause instanceof Error ? cause.message : String(cause) });
  }
}
