import { expect, test } from 'vitest';
import { cardChannel } from '../../../native-bridge/simulators/emrtd/card-link.ts';
import { seededRandom, specimen } from '../../../native-bridge/simulators/emrtd/specimen.ts';
import { TestIssuer } from '../../../native-bridge/simulators/emrtd/test-issuer.ts';
import { readDg1 } from '../lds/dg1.ts';
import { readMrz } from '../mrz/read-mrz.ts';
import { type AccessKey, checkDigit, isUsableKey, mrzInformation } from './access-key.ts';
import { accessKeyFromMrz } from './access-key-from-mrz.ts';
import { checkMrzMatchesChip, compareMrz } from './mrz-comparison.ts';
import { DEFAULT_MAX_FILE_BYTES, readChip } from './read-chip.ts';

const TODAY = { year: 2014, month: 6, day: 1 };
const keyOf = (...lines: string[]): AccessKey => {
  const document = readMrz(lines, { today: TODAY });
  if (document.format === null) throw new Error('not an MRZ');
  return accessKeyFromMrz(document);
};
const informationOf = (...lines: string[]): string => {
  const key = keyOf(...lines);
  return key.kind === 'mrz' ? mrzInformation(key) : '';
};

test('the printed zone of every format gives the key that its chip wants (appendix D.2)', () => {
  expect(
    informationOf('P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C<3UTO6908061F9406236ZE184226B<<<<<14'),
  ).toBe('L898902C<369080619406236');
  expect(
    informationOf('I<UTOD23145890<7349<<<<<<<<<<<', '3407127M9507122UTO<<<<<<<<<<<2', 'STEVENSON<<PETER<JOHN<<<<<<<<<'),
  ).toBe('D23145890734934071279507122');
  expect(
    informationOf('I<UTOL898902C<3<<<<<<<<<<<<<<<', '6908061F9406236UTO<<<<<<<<<<<1', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'),
  ).toBe('L898902C<369080619406236');
});

test('check digits and usable keys', () => {
  expect(checkDigit('D23145890734')).toBe('9');
  expect(() => checkDigit('a b')).toThrow(/MRZ character/);
  expect(isUsableKey({ kind: 'mrz', documentNumber: 'L898902C', birthDate: '69<<<<', expiryDate: '940623' })).toBe(
    true,
  );
  expect(isUsableKey({ kind: 'mrz', documentNumber: 'L89 902C', birthDate: '690806', expiryDate: '940623' })).toBe(
    false,
  );
  expect(isUsableKey({ kind: 'can', can: '123456' })).toBe(true);
  expect(isUsableKey({ kind: 'can', can: '12' })).toBe(false);
});

test('a Chinese one-line card opens with its printed line, and its 90 characters are not TD1', async () => {
  const line = 'CSC000000004<2404200<8108038<6';
  const mrz = `${line}NGKELMPONBPJZHENGJIAN<<YANGBENF<<<<<<<110`.padEnd(90, '<');
  const random = seededRandom('cs');
  const at = new Date('2024-01-01T12:00:00Z');
  const issuer = new TestIssuer({ country: 'CN', random, at });
  // Number and digit, birth and digit, expiry and digit, taken from the printed line by hand.
  const mrzInformationOfCard = 'C000000004' + '8108038' + '2404200';
  const { card } = specimen({ random, at, issuer, document: { mrz }, card: { mrzInformation: mrzInformationOfCard } });
  const reading = await readChip({
    channel: cardChannel(card),
    key: keyOf(line),
    random,
    nowMs: () => 0,
    dataGroups: ['DG1', 'DG2'],
    maxFileBytes: DEFAULT_MAX_FILE_BYTES,
    onProgress: () => undefined,
    signal: null,
  });
  expect(reading.access?.protocol).toBe('BAC');
  const dg1 = readDg1(reading.files.get('DG1')!);
  if (!dg1.ok) throw new Error(dg1.error.code);
  expect(checkMrzMatchesChip([line], dg1.value)).toMatchObject({ outcome: 'passed' });
  expect(checkMrzMatchesChip([line.replace('C00', 'C01')], dg1.value)).toMatchObject({
    reason: 'differs:documentNumber',
  });
});

test('fields are compared one by one; another layout is said to be one', () => {
  const lines = ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'];
  const dg1 = { layout: 'TD1', lines, extension: null } as const;
  const changed = [lines[0]!, lines[1]!.replace('F12', 'M12'), lines[2]!.replace('ANNA', 'ANNE')];
  const different = compareMrz(changed, dg1)!.filter(({ isSame }) => !isSame);
  expect(different.map(({ field }) => field)).toEqual(['sex', 'name']);
  expect(checkMrzMatchesChip([lines.join('')], dg1)).toMatchObject({ reason: 'layoutDiffers' });
  expect(checkMrzMatchesChip(null, dg1)).toMatchObject({ outcome: 'notDone', reason: 'noPrintedMrz' });
  expect(checkMrzMatchesChip(lines, null)).toMatchObject({ outcome: 'notDone', reason: 'dg1Unreadable' });
});
