import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../native-bridge/simulators/emrtd/card-command.ts';
import { type Command, chainCommands, command, decodeResponse, encodeCommand } from './apdu.ts';
import { statusCode } from './status-word.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

describe('command APDU', () => {
  test.each<[string, Command, string]>([
    ['case 1', command(0xa4, 0, 0), '00A40000'],
    ['case 2 short', command(0x84, 0, 0, undefined, 8), '0084000008'],
    ['case 2 short, 256', command(0xb0, 0, 0, undefined, 256), '00B0000000'],
    ['case 2 extended', command(0xb0, 0, 0, undefined, 4096), '00B00000001000'],
    ['case 2 extended, 65536', command(0xb0, 0, 0, undefined, 65_536), '00B00000000000'],
    ['case 3 short', command(0xa4, 2, 0x0c, Uint8Array.of(1, 0x1e)), '00A4020C02011E'],
    ['case 4 short', command(0x88, 0, 0, Uint8Array.of(9), 256), '00880000010900'],
    ['case 4 extended', command(0x88, 0, 0, Uint8Array.of(9), 257), '00880000000001090101'],
  ])('%s', (_name, cmd, expected) => {
    expect(hex(encodeCommand(cmd))).toBe(expected);
  });

  test('the card takes apart what the reader puts together', () => {
    const data = fc.uint8Array({ maxLength: 600, size: 'max' });
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), data, fc.nat(65_536), (ins, p1, content, expected) => {
        const parsed = parseCommand(encodeCommand(command(ins, p1, 0, content, expected)));
        expect(parsed).toMatchObject({ ins, p1, p2: 0, le: expected });
        expect(Buffer.compare(parsed!.data, content)).toBe(0);
      }),
    );
  });

  test('a chain carries all bytes in order and asks for the answer at its end only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 900 }), fc.integer({ min: 1, max: 255 }), (data, limit) => {
        const parts = chainCommands(command(0x86, 0, 0, data, 256), limit);
        expect(Buffer.concat(parts.map((part) => part.data)).equals(data)).toBe(true);
        expect(parts.every((part, index) => ((part.cla & 0x10) === 0) === (index === parts.length - 1))).toBe(true);
        expect(parts.slice(0, -1).every(({ expected }) => expected === 0)).toBe(true);
      }),
    );
  });
});

test('responses and status words', () => {
  expect(decodeResponse(Uint8Array.of(0x90))).toBeNull();
  expect(decodeResponse(Uint8Array.of(1, 2, 0x90, 0))).toEqual({ data: Uint8Array.of(1, 2), status: 0x9000 });
  expect(statusCode(0x6a82)).toBe('fileNotFound');
  expect(statusCode(0x63c2)).toBe('authenticationFailed');
  expect(statusCode(0x6f00)).toBe('unexpectedStatus');
});
