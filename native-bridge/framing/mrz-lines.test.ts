import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MrzFrame, MrzLineDeframer, REPORT_EVERY_BYTES } from './mrz-lines.ts';

const TD1 = ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'];
const TD2 = ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'];
const TD3 = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];
const CARD = ['CSC000000004<2404200<8108038<6'];
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const document = (lines: readonly string[]): MrzFrame => ({ type: 'document', text: lines.join('\n') });

/** Frames of a whole burst, its closing silence included. */
function framesOf(...chunks: readonly Uint8Array[]): MrzFrame[] {
  const deframer = new MrzLineDeframer();
  const frames = [...chunks.flatMap((chunk) => deframer.push(chunk)), ...deframer.idle()];
  expect(deframer.pending).toBe(false);
  return frames;
}

describe.each([
  ['TD1', TD1],
  ['TD2', TD2],
  ['TD3', TD3],
  ['one-line card', CARD],
])('%s', (_, lines) => {
  test.each([
    ['CR', lines.map((line) => `${line}\r`).join('')],
    ['LF', lines.map((line) => `${line}\n`).join('')],
    ['CRLF', lines.map((line) => `${line}\r\n`).join('')],
    ['CR between, none at the end', lines.join('\r')],
    ['nothing between', lines.join('')],
    ['nothing between, CR at the end', `${lines.join('')}\r`],
    ['STX and ETX around', `\x02${lines.join('\r')}\x03`],
    ['STX, CRLF, ETX and CR', `\x02${lines.join('\r\n')}\r\n\x03\r`],
  ])('with %s is one document', (_name, text) => {
    expect(framesOf(bytes(text))).toEqual([document(lines)]);
  });
});

test('a document whose last line has ended needs no silence', () => {
  expect(new MrzLineDeframer().push(bytes(`${TD3.join('\r')}\r`))).toEqual([document(TD3)]);
});

test('two different documents in one go are two documents', () => {
  expect(framesOf(bytes(`${TD3.join('\r')}\r${TD1.join('\r')}\r`))).toEqual([document(TD3), document(TD1)]);
});

test.each([
  ['a cut line', `${TD3[0]}\rL898902C36UTO74\r`, 'cut'],
  ['a cut stream', `${TD3[0]}\rL898902C36UTO74`, 'cut'],
  ['one line of two', `${TD3[0]}\r`, 'lineCount'],
  ['a first line of TD1 alone, which is no card', `${TD1[0]}\r`, 'lineCount'],
  ['a line twice', `${TD3[0]}\r${TD3[0]}\r${TD3[1]}\r`, 'doubled'],
  ['a line twice without separators', `${TD3[0]}${TD3[0]}\r`, 'doubled'],
  ['a line that is too long', `${TD3[0]}\r${TD3[1]}<<\r`, 'tooLong'],
  ['a line between two lengths', `${'<'.repeat(50)}\r`, 'tooLong'],
  ['a foreign letter', `${TD3[0]}\rL898902\u00e9`, 'notAscii'],
  ['a control character', `\x00${TD3.join('\r')}\r`, 'notAscii'],
])('%s is one problem with all its bytes counted', (_, text, code) => {
  expect(framesOf(bytes(text))).toEqual([{ type: 'problem', code, discardedBytes: text.length }]);
});

test('the same document twice without a pause is a stutter; after a pause it is a document again', () => {
  const text = bytes(`${TD3.join('\r')}\r`);
  expect(framesOf(text, text)).toEqual([
    document(TD3),
    { type: 'problem', code: 'doubled', discardedBytes: text.length },
  ]);
  const deframer = new MrzLineDeframer();
  expect([...deframer.push(text), ...deframer.idle(), ...deframer.push(text)]).toEqual([document(TD3), document(TD3)]);
});

test('an endless line is told while it comes, in slices, and holds no memory', () => {
  const deframer = new MrzLineDeframer();
  const babble = new Uint8Array(10 * REPORT_EVERY_BYTES).fill(0x3c);
  expect(deframer.push(babble)).toEqual(
    Array.from({ length: 10 }, () => ({ type: 'problem', code: 'tooLong', discardedBytes: REPORT_EVERY_BYTES })),
  );
  deframer.idle();
  expect(deframer.push(bytes(`${TD3.join('\r')}\r`))).toEqual([document(TD3)]);
});

test('STX resyncs without a silence: junk before it is a problem, the document behind it is read', () => {
  expect(framesOf(bytes(`noise\x02${TD3.join('\r')}\x03`))).toEqual([
    { type: 'problem', code: 'cut', discardedBytes: 5 },
    document(TD3),
  ]);
});

/** Anything a serial line may bring: documents, halves of them, junk. */
const streamArbitrary = fc
  .array(
    fc.oneof(
      fc.constantFrom(TD1, TD2, TD3, CARD).map((lines) => bytes(`${lines.join('\r')}\r`)),
      fc.constantFrom(TD1, TD2, TD3).map((lines) => bytes(`\x02${lines.join('\r\n')}\x03`)),
      fc.uint8Array({ maxLength: 120 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

test('any split of the bytes gives the same frames', () => {
  fc.assert(
    fc.property(streamArbitrary, fc.array(fc.nat(400), { maxLength: 20 }), (stream, cuts) => {
      const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b), stream.length];
      const chunks = edges.slice(1).map((edge, index) => stream.slice(edges[index], edge));
      expect(framesOf(...chunks)).toEqual(framesOf(stream));
    }),
    { numRuns: 300 },
  );
});

test('no byte is told twice: documents and discarded bytes never exceed what came', () => {
  fc.assert(
    fc.property(streamArbitrary, (stream) => {
      const told = framesOf(stream).reduce(
        (sum, frame) => sum + (frame.type === 'document' ? frame.text.length : frame.discardedBytes),
        0,
      );
      expect(told).toBeLessThanOrEqual(stream.length);
    }),
    { numRuns: 300 },
  );
});

test('after any junk and a silence the next document is read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (junk) => {
      const deframer = new MrzLineDeframer();
      deframer.push(junk);
      deframer.idle();
      expect(deframer.push(bytes(`${TD3.join('\r')}\r`))).toEqual([document(TD3)]);
    }),
    { numRuns: 200 },
  );
});
