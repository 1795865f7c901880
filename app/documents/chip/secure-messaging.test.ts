import { cmac } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer, parseCommand } from '../../../native-bridge/simulators/emrtd/card-command.ts';
import { NO_FAULTS } from '../../../native-bridge/simulators/emrtd/card-faults.ts';
import { CardSession } from '../../../native-bridge/simulators/emrtd/card-session.ts';
import { command } from './apdu.ts';
import { blockBytes, type CipherName, keyBytes } from './crypto/block-cipher.ts';
import { aesCmac } from './crypto/mac.ts';
import { largestReadLength } from './read-length.ts';
import { SecureMessaging } from './secure-messaging.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const CIPHERS: readonly CipherName[] = ['3DES', 'AES-128', 'AES-192', 'AES-256'];

function pair(cipher: CipherName) {
  const key = (fill: number) =>
    Uint8Array.from({ length: keyBytes(cipher) }, (_, index) => (fill * 31 + index * 7) & 0xff);
  const keys = { cipher, encryption: key(1), mac: key(2) };
  const terminal = new SecureMessaging({ ...keys, counter: new Uint8Array(blockBytes(cipher)) });
  return { terminal, card: new CardSession({ ...keys, counter: 0n }, NO_FAULTS) };
}

describe.each(CIPHERS)('%s', (cipher) => {
  test('commands and answers of any length go through, both ways, many in a row', () => {
    const data = fc.uint8Array({ maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(data, data, fc.nat(300), fc.boolean()), { minLength: 1, maxLength: 4 }),
        (exchanges) => {
          const { terminal, card } = pair(cipher);
          for (const [sent, given, expected, isOdd] of exchanges) {
            const cmd = command(isOdd ? 0xb1 : 0xb0, 1, 2, sent, expected);
            const opened = card.open(parseCommand(terminal.protect(cmd))!);
            expect(opened).toMatchObject({ cla: 0, ins: cmd.ins, p1: 1, p2: 2, le: expected });
            expect(Buffer.compare(opened!.data, sent)).toBe(0);
            const received = terminal.unprotect(card.seal(cmd.ins, answer(0x9000, given)));
            expect(received.ok && Buffer.compare(received.value.data, given)).toBe(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('every changed bit of an answer is found, and no answer counts twice', () => {
    const sealed = () => {
      const { terminal, card } = pair(cipher);
      const cmd = command(0xb0, 0, 0, undefined, 32);
      card.open(parseCommand(terminal.protect(cmd))!);
      return { terminal, response: card.seal(0xb0, answer(0x9000, bytes('00112233445566778899'))) };
    };
    const { response, terminal } = sealed();
    for (let bit = 0; bit < response.data.length * 8; bit += 3) {
      const changed = Uint8Array.from(response.data);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(sealed().terminal.unprotect({ ...response, data: changed }).ok, `bit ${bit}`).toBe(false);
    }
    expect(sealed().terminal.unprotect({ ...response, status: 0x6282 })).toMatchObject({
      error: { code: 'secureResponseStatusWrong' },
    });
    expect(terminal.unprotect(response).ok).toBe(true);
    expect(terminal.unprotect(response)).toMatchObject({ error: { code: 'secureResponseMacWrong' } });
  });

  test('the largest read fits its answer, and one block more would not', () => {
    for (const limit of [256, 261, 300, 1000, 4096]) {
      const length = largestReadLength({ maxResponseLength: limit + 2 }, cipher, limit, false);
      const size = (plain: number) => pair(cipher).card.seal(0xb0, answer(0x9000, new Uint8Array(plain))).data.length;
      expect(size(length)).toBeLessThanOrEqual(limit);
      expect(size(length + blockBytes(cipher) + 1)).toBeGreaterThan(limit);
    }
  });
});

test('CMAC: RFC 4493 §4, and an independent implementation for every length', () => {
  const key = bytes('2b7e151628aed2a6abf7158809cf4f3c');
  const message = bytes(
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  );
  const published: readonly [number, string][] = [
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
    [64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ];
  for (const [length, mac] of published)
    expect(aesCmac('AES-128', key, message.subarray(0, length), 16)).toEqual(bytes(mac));
  for (const cipher of ['AES-128', 'AES-192', 'AES-256'] as const) {
    const own = message.slice(0, keyBytes(cipher));
    for (let length = 0; length <= 50; length++) {
      const part = message.slice(0, length);
      expect(Buffer.compare(aesCmac(cipher, own, part, 16), cmac(part, own))).toBe(0);
    }
  }
});
