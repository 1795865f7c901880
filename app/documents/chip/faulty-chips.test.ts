import { describe, expect, test } from 'vitest';
import type { CardFaults } from '../../../native-bridge/simulators/emrtd/card-faults.ts';
import { cardChannel, INSTANT_LINK, type LinkOptions } from '../../../native-bridge/simulators/emrtd/card-link.ts';
import {
  portraitBytes,
  SPECIMEN_KEY,
  SPECIMEN_LINES,
  type SpecimenRequest,
  seededRandom,
  specimen,
} from '../../../native-bridge/simulators/emrtd/specimen.ts';
import { encodeTlv } from '../lds/ber-tlv.ts';
import { BUNDLED_DEFECTS } from '../lds/defects.ts';
import type { FileName } from '../lds/files.ts';
import { importTrust } from '../lds/pki/trust-sources.ts';
import { TrustStore } from '../lds/pki/trust-store.ts';
import { judgeChip } from './chip-verdict.ts';
import { DEFAULT_MAX_FILE_BYTES, LANE_DATA_GROUPS, readChip } from './read-chip.ts';

const AT = new Date('2026-06-01T12:00:00Z');
const EXTENDED: Partial<LinkOptions> = { maxCommandLength: 65_544, maxResponseLength: 65_538 };

async function readFaulty(setup: Partial<SpecimenRequest> & { link?: Partial<LinkOptions>; signal?: AbortSignal }) {
  const random = seededRandom(expect.getState().currentTestName ?? 'fault');
  const made = specimen({ random, at: AT, ...setup });
  const progress: number[] = [];
  const reading = await readChip({
    channel: cardChannel(made.card, { ...INSTANT_LINK, ...setup.link }),
    key: SPECIMEN_KEY,
    random,
    nowMs: () => 0,
    dataGroups: LANE_DATA_GROUPS,
    maxFileBytes: DEFAULT_MAX_FILE_BYTES,
    onProgress: ({ bytesRead }) => progress.push(bytesRead),
    signal: setup.signal ?? null,
  });
  const store = new TrustStore();
  importTrust(store, made.issuer.authority);
  const { checks } = judgeChip({ reading, printedMrz: SPECIMEN_LINES, store, defects: BUNDLED_DEFECTS, at: AT });
  const outcome = (id: string) => {
    const check = checks.find((one) => one.id === id)!;
    return check.reason === null ? check.outcome : `${check.outcome} ${check.reason}`;
  };
  return { made, reading, outcome, progress };
}

const faults = (given: Partial<CardFaults>) => ({ faults: given });
const atr = (length: number): Uint8Array =>
  encodeTlv(0x7f66, Uint8Array.of(2, 2, length >> 8, length & 0xff, 2, 2, length >> 8, length & 0xff));

describe('links and lengths', () => {
  test('a wrong MAC is never believed: the session is opened anew, and the check says so', async () => {
    const { reading, outcome } = await readFaulty(faults({ wrongMacAt: 9 }));
    expect(outcome('chipAccess')).toBe('failed secureResponseMacWrong');
    expect([...reading.unreadable.values()]).toContain('secureResponseMacWrong');
  });

  test('a counter that runs ahead looks like a wrong MAC', async () => {
    const { outcome } = await readFaulty(faults({ counterSkewAt: 6 }));
    expect(outcome('chipAccess')).toBe('failed secureResponseMacWrong');
  });

  test('a chip that refuses every protected command is read as far as it goes: not at all, and without an end', async () => {
    const { reading, outcome } = await readFaulty(faults({ refusesProtected: true }));
    expect(reading.files.size).toBe(0);
    expect(outcome('chipAccess')).toBe('failed secureMessagingRejected');
    expect(outcome('sodSignature')).toBe('failed secureMessagingRejected');
  });

  test('a torn link ends the reading; what was read is kept, the rest is named', async () => {
    const { reading, outcome } = await readFaulty({ link: { tornAfterBytes: 6000 } });
    expect(reading.files.has('SOD')).toBe(true);
    expect(reading.unreadable.get('DG2')).toBe('linkFailed');
    expect(outcome('dataGroupHashes')).toBe('passed');
    const atOnce = await readFaulty({ link: { tornAfterBytes: 20 } });
    expect(atOnce.outcome('chipAccess')).toBe('failed linkFailed');
  });

  test('an abort stops between two commands', async () => {
    const { outcome } = await readFaulty({ signal: AbortSignal.abort() });
    expect(outcome('chipAccess')).toBe('failed aborted');
  });

  test('extended length is used as far as EF.ATR/INFO announces it', async () => {
    const random = seededRandom('extended');
    const { files } = specimen({ random, at: AT });
    const withAtr = new Map<FileName, Uint8Array>([...files, ['ATR_INFO', atr(4096)]]);
    const long = await readFaulty({ card: { files: withAtr }, link: EXTENDED });
    const short = await readFaulty({ card: { files } });
    const exchanges = (reading: typeof long.reading) => reading.steps.find(({ step }) => step === 'DG2')!.exchanges;
    expect(long.reading.files.get('DG2')).toEqual(files.get('DG2'));
    expect(exchanges(long.reading)).toBeLessThan(8);
    expect(exchanges(short.reading)).toBeGreaterThan(60);
  });

  test.each([
    ['short length', {}, []],
    ['extended length', EXTENDED, [['ATR_INFO', atr(1000)]] as [FileName, Uint8Array][]],
  ])('a portrait beyond 32 KB is read by the odd READ BINARY: %s', async (_name, link, more) => {
    const random = seededRandom('large');
    const { files } = specimen({ random, at: AT, document: { portrait: portraitBytes(80_000, random) } });
    const { reading, progress } = await readFaulty({ card: { files: new Map([...files, ...more]) }, link });
    expect(Buffer.compare(reading.files.get('DG2')!, files.get('DG2')!)).toBe(0);
    expect(progress.at(-1)).toBe(files.get('DG2')!.length);
  });

  test('a chip that refuses long reads is asked for shorter ones', async () => {
    const { reading, made } = await readFaulty(faults({ maxReadLength: 128 }));
    expect(reading.files.get('DG2')).toEqual(made.files.get('DG2'));
  });

  test('answers in pieces (61xx) are put together', async () => {
    const { reading, made } = await readFaulty(faults({ chunkedAnswers: 100 }));
    expect(reading.files.get('DG2')).toEqual(made.files.get('DG2'));
  });
});

describe('files', () => {
  test('a file shorter than its header says is truncated, whichever status word tells it', async () => {
    for (const warnsAtEndOfFile of [true, false]) {
      const { reading, outcome } = await readFaulty(faults({ truncated: new Map([['DG2', 700]]), warnsAtEndOfFile }));
      expect(reading.unreadable.get('DG2')).toBe('fileTruncated');
      expect(outcome('dataGroupHashes')).toBe('passed');
      expect(reading.files.has('DG1')).toBe(true);
    }
  });

  test.each([
    [0x7fffffff, 'fileTooLarge'],
    [3 * 1024 * 1024, 'fileTooLarge'],
    [200_000, 'fileTruncated'],
  ])('a header that claims %i bytes makes nobody allocate them', async (claimed, code) => {
    const { reading } = await readFaulty(faults({ claimedLength: new Map([['DG2', claimed]]) }));
    expect(reading.unreadable.get('DG2')).toBe(code);
  });

  test('reads that bring nothing end', async () => {
    const { reading } = await readFaulty(faults({ emptyReads: true }));
    expect(reading.unreadable.get('DG1')).toBe('fileTruncated');
  });

  test('EF.SOD at the place of DG13 is found', async () => {
    const { outcome } = await readFaulty(faults({ sodFileId: 0x010d, plainErrors: true }));
    expect(outcome('sodSignature')).toBe('passed');
    expect(outcome('dataGroupHashes')).toBe('passed');
  });

  test('a chip that leaves the status word out of its protected answers is read, and that is reported', async () => {
    const { reading, outcome } = await readFaulty(faults({ omitsStatus: true }));
    expect(reading.deviations).toEqual(['statusWordUnprotected']);
    expect(outcome('sodSignature')).toBe('passed');
    expect(outcome('dataGroupHashes')).toBe('passed');
    expect((await readFaulty(faults({ omitsStatus: true, wrongMacAt: 3 }))).outcome('chipAccess')).toMatch(/^failed/);
    expect((await readFaulty(faults({}))).reading.deviations).toEqual([]);
  });

  test('an empty EF.SOD at an odd place: the data is read, the checks say that nothing proves it', async () => {
    const random = seededRandom('empty');
    const { files } = specimen({ random, at: AT });
    const { reading, outcome } = await readFaulty({
      card: { files: new Map([...files, ['SOD', new Uint8Array(0)]]) },
      faults: { sodFileId: 0x010d, plainErrors: true },
    });
    expect(reading.files.has('DG2')).toBe(true);
    expect(outcome('sodSignature')).toBe('failed fileEmpty');
    expect(outcome('mrzMatchesChip')).toBe('passed');
  });

  test('a chip that drops the session over an error is opened again', async () => {
    const random = seededRandom('drop');
    const { files } = specimen({ random, at: AT });
    const { reading, outcome } = await readFaulty({
      card: { files: new Map([...files].filter(([name]) => name !== 'COM')) },
      faults: { dropsSessionOnError: true },
    });
    expect(reading.files.has('DG2')).toBe(true);
    expect(outcome('sodMatchesCom')).toBe('notDone fileNotFound');
    expect(outcome('dataGroupHashes')).toBe('passed');
  });
});

test('another document on the chip than in print is named by its first different field', async () => {
  const mrz = SPECIMEN_LINES.join('').replace('ANNA<MARIA', 'ANNA<MARIX');
  const { outcome } = await readFaulty({ document: { mrz } });
  expect(outcome('mrzMatchesChip')).toBe('failed differs:name');
});

test('a wrong key opens nothing and proves nothing', async () => {
  const { outcome } = await readFaulty({ card: { mrzInformation: 'L898902C3674081223604150' } });
  expect(outcome('chipAccess')).toBe('failed bacKeyRefused');
  expect(outcome('chipAuthenticity')).toBe('notDone accessFailed');
});
