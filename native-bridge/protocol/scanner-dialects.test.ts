import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ELYCTIS, ELYCTIS_CONTINUOUS, elyctisDocument, encodeElyctis } from './elyctis.ts';
import { encodeHoneywell, HONEYWELL, honeywellReply } from './honeywell.ts';
import { encodeNewland, NEWLAND, newlandReply } from './newland.ts';
import { ascii, type ScannerDialect, type ScannerToken } from './scanner-dialect.ts';

const TD3 = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];

/** What a stream means: replies in order, the text in one piece, how many documents ended, how much was junk. */
function meaning(dialect: ScannerDialect, chunks: readonly Uint8Array[]) {
  const splitter = dialect.createSplitter();
  const tokens: ScannerToken[] = [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.idle()];
  const text = tokens.flatMap((token) => (token.type === 'text' ? [...token.bytes] : []));
  return {
    replies: tokens.flatMap((token) => (token.type === 'reply' ? [token.accepted] : [])),
    text: String.fromCharCode(...text),
    ends: tokens.filter((token) => token.type === 'documentEnd').length,
    junk: tokens.reduce((sum, token) => sum + (token.type === 'junk' ? token.bytes : 0), 0),
  };
}

test('the commands as they are on the wire', () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  expect(hex(encodeElyctis(ELYCTIS_CONTINUOUS, Uint8Array.of(1)))).toBe('43000101');
  expect(hex(encodeNewland('SCNMOD2'))).toBe('7e01303030302353434e4d4f44323b03');
  expect(hex(encodeHoneywell('REVINF.'))).toBe('164d0d524556494e462e');
  expect(hex(newlandReply(encodeNewland('SCNMOD2'), true))).toBe('0201303030302353434e4d4f4432063b03');
});

describe.each([
  [
    'Elyctis',
    ELYCTIS,
    encodeElyctis(ELYCTIS_CONTINUOUS, Uint8Array.of(1)),
    encodeElyctis(ELYCTIS_CONTINUOUS, Uint8Array.of(0)),
    elyctisDocument(TD3),
  ],
  [
    'Newland',
    NEWLAND,
    newlandReply(encodeNewland('SCNMOD2'), true),
    newlandReply(encodeNewland('SCNMOD2'), false),
    ascii(`${TD3.join('\r')}\r`),
  ],
  [
    'Honeywell',
    HONEYWELL,
    honeywellReply(encodeHoneywell('REVINF.'), true),
    honeywellReply(encodeHoneywell('REVINF.'), false),
    ascii(TD3.join('\r')),
  ],
] as const)('%s', (_, dialect, accepted, refused, document) => {
  test('a reply, a refusal and a document are told apart', () => {
    expect(meaning(dialect, [accepted])).toMatchObject({ replies: [true], text: '' });
    expect(meaning(dialect, [refused])).toMatchObject({ replies: [false], text: '' });
    expect(meaning(dialect, [document])).toMatchObject({ replies: [], text: expect.stringContaining(TD3.join('\r')) });
  });

  // Symptom: a heartbeat's reply behind a document without a pause swallowed the document.
  test('a document right before a reply is not taken for a part of it', () => {
    const both = meaning(dialect, [document, accepted]);
    expect(both).toMatchObject({ replies: [true], text: expect.stringContaining(TD3.join('\r')) });
  });

  test('any split of the bytes means the same', () => {
    const stream = Uint8Array.of(...accepted, ...refused, ...document);
    const whole = meaning(dialect, [stream]);
    expect(whole).toMatchObject({ replies: [true, false], text: expect.stringContaining(TD3[1] ?? 'no line') });
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 20 }), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const chunks = edges.slice(1).map((edge, index) => stream.slice(edges[index], edge));
        expect(meaning(dialect, chunks)).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  test('junk before, between and after documents: every document whole, every byte accounted for', () => {
    const framing = dialect === ELYCTIS ? 3 : 0;
    // Neither a command byte, nor a letter of a document, nor the head of a reply.
    const junk = fc.array(fc.integer({ min: 0x80, max: 0xff }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 5 }), junk, (junks, after) => {
        const chunks = junks.flatMap((noise) => [Uint8Array.from(noise), document]);
        const { text, junk: junkBytes, replies } = meaning(dialect, [...chunks, Uint8Array.from(after)]);
        const total = chunks.reduce((sum, { length }) => sum + length, after.length);
        expect(text.length + junkBytes + framing * junks.length).toBe(total);
        expect(replies).toEqual([]);
        expect(text.split(TD3.join('\r')).length - 1).toBe(junks.length);
        if (dialect === ELYCTIS) expect(junkBytes).toBe(junks.reduce((sum, { length }) => sum + length, after.length));
      }),
      { numRuns: 100 },
    );
  });

  test('babble is never held back for ever, and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 6 }), (chunks) => {
        const splitter = dialect.createSplitter();
        const heard = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        for (const chunk of chunks) splitter.push(chunk);
        const left = splitter
          .idle()
          .reduce(
            (sum, token) =>
              sum + (token.type === 'text' ? token.bytes.length : token.type === 'junk' ? token.bytes : 0),
            0,
          );
        expect(left).toBeLessThanOrEqual(Math.min(heard, 1_200));
        expect(splitter.idle()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
