import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeTlv } from './ber-tlv.ts';
import { derOid, derSequence, derSet } from './der.ts';
import { readDg1, writeDg1 } from './dg1.ts';
import { readDg2, writeDg2 } from './dg2.ts';
import { readDg7 } from './dg7.ts';
import { readEfCom, writeEfCom } from './ef-com.ts';
import type { EncodedImage } from './image.ts';
import { readDg14, readDg15 } from './security-infos.ts';
import { readSecurityObject, writeSecurityObject } from './security-object.ts';
import { readDg11, readDg12 } from './text-data-groups.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3);
const JP2 = Uint8Array.of(0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a);

describe('EF.COM', () => {
  test('lists data groups and versions; written, it reads the same', () => {
    const read = readEfCom(writeEfCom(['DG1', 'DG2', 'DG14']));
    expect(read).toMatchObject({
      ok: true,
      value: { ldsVersion: '1.7', unicodeVersion: '4.0.0', dataGroups: ['DG1', 'DG2', 'DG14'], unknownTags: [] },
    });
  });

  test('the file of appendix D.4 reads as printed', () => {
    const read = readEfCom(bytes('60145F0104303130365F36063034303030305C026175'));
    expect(read).toMatchObject({ ok: true, value: { ldsVersion: '1.6', dataGroups: ['DG1', 'DG2'] } });
  });

  test.each([
    ['', 'ldsFileEmpty'],
    ['6100', 'ldsWrongTag'],
    ['6000', 'ldsFieldMissing'],
    ['6010aa', 'tlvTruncated'],
  ])('%s is %s', (hex, code) => {
    expect(readEfCom(bytes(hex))).toMatchObject({ ok: false, error: { code, file: 'COM' } });
  });
});

describe('EF.DG1', () => {
  test.each([
    ['TD3', ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10']],
    ['TD2', ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6']],
    ['TD1', ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<']],
  ])('%s is cut into its lines', (layout, lines) => {
    expect(readDg1(writeDg1(text(lines.join(''))))).toMatchObject({
      ok: true,
      value: { layout, lines, extension: null },
    });
  });

  test('ninety characters that open with CS are the Chinese card, not TD1', () => {
    const line = 'CSC000000004<2404200<8108038<6';
    const chip = `${line}NGKELMPONBPJZHENGJIAN<<YANGBENF<<<<<<<110${'<'.repeat(19)}`.slice(0, 90);
    expect(chip).toHaveLength(90);
    const read = readDg1(writeDg1(text(chip)));
    expect(read).toMatchObject({ ok: true, value: { layout: 'CS90', lines: [line] } });
    const extension = read.ok ? read.value.extension : null;
    expect(extension).toMatchObject({ latinName: 'ZHENGJIAN  YANGBEN', sex: 'F', placeOfBirth: '110' });
    expect(Buffer.from(extension!.chineseName).toString('latin1')).toBe('NGKELMPONBPJ');
  });

  test('another length or another alphabet is malformed', () => {
    for (const mrz of ['P<UTO', 'p'.repeat(88), 'CS'.padEnd(89, '<')]) {
      expect(readDg1(writeDg1(text(mrz)))).toMatchObject({ error: { code: 'ldsFieldMalformed' } });
    }
  });
});

describe('EF.DG2', () => {
  const image = (given: Uint8Array, format: EncodedImage['format']): EncodedImage => ({
    format,
    bytes: given,
    widthPx: 413,
    heightPx: 531,
  });

  test('an ISO 19794-5 record gives its image', () => {
    for (const [given, format] of [
      [JPEG, 'jpeg'],
      [JP2, 'jpeg2000'],
    ] as const) {
      const read = readDg2(writeDg2(image(given, format)));
      expect(read).toMatchObject({
        ok: true,
        value: { encoding: 'iso19794', images: [{ format, widthPx: 413, heightPx: 531 }] },
      });
      expect(read.ok && read.value.images[0]!.bytes).toEqual(given);
    }
  });

  test('feature points are stepped over, and a record with two images gives both', () => {
    const record = faceRecord([
      { points: 2, image: JPEG },
      { points: 0, image: JP2 },
    ]);
    const file = wrapDg2(encodeTlv(0x5f2e, record));
    const read = readDg2(file);
    expect(read.ok && read.value.images.map(({ format }) => format)).toEqual(['jpeg', 'jpeg2000']);
  });

  test('an ISO 39794-5 block gives its image, whatever optional parts stand around it', () => {
    const size = encodeTlv(0xa7, encodeTlv(0x80, Uint8Array.of(1, 0x9d)), encodeTlv(0x81, Uint8Array.of(2, 0x13)));
    const information = encodeTlv(0xa1, encodeTlv(0xa0, encodeTlv(0x80, Uint8Array.of(3))), size);
    const flat = encodeTlv(0xa0, encodeTlv(0x80, JP2), information);
    const image39794 = encodeTlv(0xa1, encodeTlv(0xa0, flat));
    const representation = encodeTlv(
      0x30,
      encodeTlv(0x80, Uint8Array.of(1)),
      encodeTlv(0xa2, encodeTlv(0x80, Uint8Array.of(7))),
      image39794,
    );
    const version = encodeTlv(0xa0, encodeTlv(0x80, Uint8Array.of(3)), encodeTlv(0x81, Uint8Array.of(0x07, 0xe3)));
    const block = encodeTlv(0x65, version, encodeTlv(0xa1, representation));
    for (const content of [encodeTlv(0x7f2e, encodeTlv(0xa1, block)), encodeTlv(0x5f2e, block)]) {
      const read = readDg2(wrapDg2(content));
      expect(read).toMatchObject({
        ok: true,
        value: { encoding: 'iso39794', images: [{ format: 'jpeg2000', widthPx: 413, heightPx: 531 }] },
      });
    }
  });

  test('lengths that lie are refused, never followed', () => {
    const record = faceRecord([{ points: 60_000, image: JPEG }]).slice(0, 60);
    expect(readDg2(wrapDg2(encodeTlv(0x5f2e, record)))).toMatchObject({ error: { code: 'tlvTruncated' } });
    const none = faceRecord([]);
    expect(readDg2(wrapDg2(encodeTlv(0x5f2e, none)))).toMatchObject({ error: { code: 'ldsFieldMalformed' } });
    const unknown = faceRecord([{ points: 0, image: text('GIF89a') }]);
    expect(readDg2(wrapDg2(encodeTlv(0x5f2e, unknown)))).toMatchObject({ error: { code: 'ldsImageFormatUnknown' } });
  });

  function wrapDg2(data: Uint8Array): Uint8Array {
    const header = encodeTlv(0xa1, encodeTlv(0x87, Uint8Array.of(1, 1)), encodeTlv(0x88, Uint8Array.of(0, 8)));
    return encodeTlv(0x75, encodeTlv(0x7f61, Uint8Array.of(2, 1, 1), encodeTlv(0x7f60, header, data)));
  }

  /** ISO/IEC 19794-5 §5, built here by hand and not by the code under test. */
  function faceRecord(images: readonly { points: number; image: Uint8Array }[]): Uint8Array {
    const blocks = images.map(({ points, image: content }) => {
      const head = Buffer.alloc(20);
      head.writeUInt32BE(20 + points * 8 + 12 + content.length, 0);
      head.writeUInt16BE(points, 4);
      return Buffer.concat([head, Buffer.alloc(points * 8), Buffer.alloc(12), content]);
    });
    const head = Buffer.alloc(14);
    head.write('FAC\u0000010\u0000', 'latin1');
    head.writeUInt32BE(14 + blocks.reduce((sum, block) => sum + block.length, 0), 8);
    head.writeUInt16BE(images.length, 12);
    return Buffer.concat([head, ...blocks]);
  }
});

describe('further data groups', () => {
  test('DG7 gives signature images', () => {
    const read = readDg7(encodeTlv(0x67, Uint8Array.of(2, 1, 1), encodeTlv(0x5f43, JPEG)));
    expect(read.ok && read.value[0]!.format).toBe('jpeg');
    expect(readDg7(encodeTlv(0x67, Uint8Array.of(2, 1, 0)))).toMatchObject({ error: { code: 'ldsImageMissing' } });
  });

  test('DG11 and DG12 give their fields, dates as text or as BCD', () => {
    const names = encodeTlv(0xa0, Uint8Array.of(2, 1, 1), encodeTlv(0x5f0f, text('ERIKSSON<ANNA')));
    const dg11 = encodeTlv(
      0x6b,
      encodeTlv(0x5c, bytes('5f0e5f2b')),
      encodeTlv(0x5f0e, text('ÉRIKSSON<<ANNA')),
      names,
      encodeTlv(0x5f2b, bytes('19740812')),
    );
    expect(readDg11(dg11)).toMatchObject({
      ok: true,
      value: { fullName: 'ÉRIKSSON<<ANNA', otherNames: ['ERIKSSON<ANNA'], birthDate: '19740812', address: null },
    });
    const dg12 = encodeTlv(0x6c, encodeTlv(0x5f19, text('UTOPIA')), encodeTlv(0x5f26, text('20200101')));
    expect(readDg12(dg12)).toMatchObject({ ok: true, value: { issuingAuthority: 'UTOPIA', issueDate: '20200101' } });
  });

  test('DG14 sorts its infos and skips odd ones', () => {
    const small = (value: number) => Uint8Array.of(2, 1, value);
    const infos = derSet(
      derSequence(derOid('0.4.0.127.0.7.2.2.3.2.4'), small(1), small(5)),
      derSequence(derOid('2.23.136.1.1.5'), small(1), derOid('0.4.0.127.0.7.1.1.4.1.3')),
      derSequence(derOid('0.4.0.127.0.7.2.2.2'), small(1)),
      derSequence(small(9)),
    );
    expect(readDg14(encodeTlv(0x6e, infos))).toMatchObject({
      ok: true,
      value: {
        chipAuthentication: [{ oid: '0.4.0.127.0.7.2.2.3.2.4', version: 1, keyId: 5 }],
        activeAuthenticationAlgorithm: '0.4.0.127.0.7.1.1.4.1.3',
        others: ['0.4.0.127.0.7.2.2.2'],
      },
    });
  });

  test('DG15 gives the key info', () => {
    expect(readDg15(encodeTlv(0x6f, derSequence(Uint8Array.of(5, 0))))).toMatchObject({ ok: true });
    expect(readDg15(encodeTlv(0x6f, Uint8Array.of(5, 0)))).toMatchObject({ error: { code: 'ldsWrongTag' } });
  });
});

describe('security object', () => {
  test('version 0 is written and read', () => {
    const hashes = new Map([
      [1, bytes('aa')],
      [14, bytes('bb')],
    ]);
    const read = readSecurityObject(writeSecurityObject('SHA-384', hashes));
    expect(read).toMatchObject({ ok: true, value: { version: 0, hash: 'SHA-384', ldsVersion: null } });
    expect(read.ok && [...read.value.hashes.keys()]).toEqual([1, 14]);
  });

  test('version 1 carries the LDS version', () => {
    const object = derSequence(
      Uint8Array.of(2, 1, 1),
      derSequence(derOid('2.16.840.1.101.3.4.2.1')),
      derSequence(derSequence(Uint8Array.of(2, 1, 2), encodeTlv(0x04, bytes('cc')))),
      derSequence(encodeTlv(0x13, text('0108')), encodeTlv(0x13, text('060200'))),
    );
    expect(readSecurityObject(object)).toMatchObject({ ok: true, value: { version: 1, ldsVersion: '1.8' } });
  });

  test('two hashes for one data group are refused', () => {
    const entry = derSequence(Uint8Array.of(2, 1, 2), encodeTlv(0x04, bytes('cc')));
    const object = derSequence(Uint8Array.of(2, 1, 0), derSequence(derOid('1.3.14.3.2.26')), derSequence(entry, entry));
    expect(readSecurityObject(object)).toMatchObject({ error: { code: 'ldsFieldMalformed' } });
  });
});

test('no reader throws, whatever the file', () => {
  const readers = [readEfCom, readDg1, readDg2, readDg7, readDg11, readDg12, readDg14, readDg15, readSecurityObject];
  const outer = fc.constantFrom(0x60, 0x61, 0x75, 0x67, 0x6b, 0x6c, 0x6e, 0x6f, 0x30);
  fc.assert(
    fc.property(outer, fc.uint8Array({ maxLength: 200 }), (tag, content) => {
      for (const read of readers) read(encodeTlv(tag, content));
    }),
  );
});
