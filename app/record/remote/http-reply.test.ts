import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HttpReply, ReplyReader } from './http-reply.ts';

const LIMIT = 4_096;

function readAll(bytes: Buffer, cuts: readonly number[] = []): HttpReply | string | null {
  const reader = new ReplyReader(LIMIT);
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  for (const [index, from] of places.slice(0, -1).entries()) {
    const got = reader.push(bytes.subarray(from, places[index + 1]));
    // Whatever is said before the last byte came is said of a fault.
    if (got !== null && (typeof got === 'string' || places[index + 1] === bytes.length)) return got;
    if (got !== null) return 'whole too early';
  }
  return reader.end();
}

const reply = (head: string, body = ''): Buffer => Buffer.from(`HTTP/1.1 ${head}\r\n\r\n${body}`, 'utf8');
const shown = (got: HttpReply | string | null) =>
  got === null || typeof got === 'string'
    ? got
    : { status: got.status, body: got.body.toString('utf8'), reusable: got.reusable, headers: [...got.headers] };

test('an answer is the same however its bytes come', () => {
  const body = fc.string({ unit: 'grapheme', maxLength: 200 });
  fc.assert(
    fc.property(body, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
      const length = Buffer.byteLength(text);
      const bytes = reply(`200 OK\r\nContent-Type: application/json\r\nETag:  "7" \r\ncontent-length: ${length}`, text);
      expect(shown(readAll(bytes, cuts))).toEqual({
        status: 200,
        body: text,
        reusable: true,
        headers: [
          ['content-type', 'application/json'],
          ['etag', '"7"'],
          ['content-length', `${length}`],
        ],
      });
    }),
    { numRuns: 300 },
  );
});

test('without content, until the end of the connection, and on a connection that is not kept', () => {
  expect(shown(readAll(reply('204 No Content\r\netag: "1"')))).toMatchObject({ status: 204, body: '', reusable: true });
  expect(shown(readAll(reply('304 Not Modified\r\ncontent-length: 20')))).toMatchObject({ status: 304, body: '' });
  expect(shown(readAll(reply('400 Bad Request\r\nConnection: close')))).toMatchObject({ status: 400, reusable: false });
  expect(shown(readAll(reply('503 \r\nconnection: Close', 'away')))).toMatchObject({ status: 503, body: 'away' });
  const kept = readAll(reply('200 OK\r\nconnection: close\r\ncontent-length: 2', 'ok'));
  expect(shown(kept)).toMatchObject({ body: 'ok', reusable: false });
});

test('half an answer is none, wherever it is cut', () => {
  const whole = reply('200 OK\r\ncontent-length: 4', 'body');
  for (let at = 0; at < whole.length; at++) expect(readAll(whole.subarray(0, at))).toBeNull();
});

test.each([
  ['another version', Buffer.from('HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n')],
  ['no HTTP', Buffer.from('SSH-2.0-x\r\n\r\n')],
  ['an interim answer', reply('100 Continue')],
  ['chunks', reply('200 OK\r\nTransfer-Encoding: chunked', '0\r\n\r\n')],
  ['chunks and a length', reply('200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked', '0\r\n\r\n')],
  ['two lengths', reply('200 OK\r\ncontent-length: 2\r\nContent-Length: 2', 'ok')],
  ['a length that is none', reply('200 OK\r\ncontent-length: +2', 'ok')],
  ['no length on a connection that is kept', reply('200 OK', 'ok')],
  ['bytes after the answer', reply('200 OK\r\ncontent-length: 2', 'okHTTP/1.1 200 OK')],
  ['a folded header', reply('200 OK\r\nx: 1\r\n 2\r\ncontent-length: 0')],
  ['a bare line feed', reply('200 OK\r\nx: 1\ncontent-length: 9\r\ncontent-length: 0')],
  ['a head without end', Buffer.alloc(20_000, 'a')],
])('%s is a fault', (_name, bytes) => {
  expect(readAll(bytes)).toBe('MALFORMED_REPLY');
});

test('more than may come is refused before it has come', () => {
  expect(new ReplyReader(LIMIT).push(reply(`200 OK\r\ncontent-length: ${LIMIT + 1}`))).toBe('TOO_LARGE');
  const reader = new ReplyReader(LIMIT);
  expect(reader.push(reply('200 OK\r\nconnection: close'))).toBeNull();
  expect(reader.push(Buffer.alloc(LIMIT + 1))).toBe('TOO_LARGE');
});

test('whatever comes, it is an answer, a fault or not whole; nothing throws', () => {
  const hostile = fc.array(
    fc.oneof(
      fc.constantFrom('HTTP/1.1 200 OK', '\r\n', '\r\n\r\n', 'content-length: 3', ':', 'connection: close', ' ', '\n'),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(), { maxLength: 4 }), (parts, cuts) => {
      const got = readAll(Buffer.from(parts.join(''), 'utf8'), cuts);
      expect(got === null || typeof got === 'string' || got.status >= 200).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
