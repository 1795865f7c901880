import { err, ok, type Result } from '../../contract/result.ts';
import { concatBytes, encodeTlv, findTlv, readTlvs } from '../lds/ber-tlv.ts';
import { type Command, encodeCommand, type Response } from './apdu.ts';
import {
  blockBytes,
  type CipherName,
  decryptCbc,
  encryptCbc,
  padMethod2,
  unpadMethod2,
  ZERO_8,
  ZERO_16,
} from './crypto/block-cipher.ts';
import { aesCmac, isSameMac, retailMac } from './crypto/mac.ts';

export interface SessionKeys {
  readonly cipher: CipherName;
  readonly encryption: Uint8Array;
  readonly mac: Uint8Array;
  /** Start value of the send sequence counter: 8 bytes for 3DES, 16 for AES. */
  readonly counter: Uint8Array;
}

export interface OpenedResponse extends Response {
  readonly isStatusProtected: boolean;
}

export type SecureMessagingErrorCode =
  /** The answer's objects are malformed, out of order or incomplete. */
  'secureResponseMalformed' | 'secureResponseMacWrong' | 'secureResponseStatusWrong' | 'secureResponsePaddingWrong';

export interface SecureMessagingError {
  readonly code: SecureMessagingErrorCode;
}

const fail = (code: SecureMessagingErrorCode) => err<SecureMessagingError>({ code });

/**
 * The terminal's end of one secure messaging session (ICAO 9303-11 §9.8). Counts up for every command and every protected
 * answer. An answer whose MAC is wrong is never decrypted. The class holds keys: it is dropped with the session.
 */
export class SecureMessaging {
  readonly #keys: SessionKeys;
  readonly #counter: Uint8Array;

  constructor(keys: SessionKeys) {
    this.#keys = keys;
    this.#counter = Uint8Array.from(keys.counter);
  }

  get cipher(): CipherName {
    return this.#keys.cipher;
  }

  /** Protects a command and encodes it; Le of the protected command is the largest of its form. */
  protect(cmd: Command): Uint8Array {
    this.#advance();
    const header = Uint8Array.of(cmd.cla | 0x0c, cmd.ins, cmd.p1, cmd.p2);
    const data = cmd.data.length > 0 ? this.#encryptData(cmd.ins, cmd.data) : new Uint8Array(0);
    const expected = cmd.expected > 0 ? encodeTlv(0x97, encodeExpected(cmd.expected)) : new Uint8Array(0);
    const objects = concatBytes(data, expected);
    const block = blockBytes(this.#keys.cipher);
    const mac = this.#mac(concatBytes(padMethod2(header, block), objects));
    const body = concatBytes(objects, encodeTlv(0x8e, mac));
    const isExtended = body.length > 255 || cmd.expected > 256;
    return encodeCommand({
      cla: header[0]!,
      ins: cmd.ins,
      p1: cmd.p1,
      p2: cmd.p2,
      data: body,
      expected: isExtended ? 65_536 : 256,
    });
  }

  /**
   * Checks and opens a protected response. Only for answers that carry data: a bare status word is not protected. Some cards leave
   * DO'99' out of a success, against §9.8.4: the MAC then still proves data and sequence, and `isStatusProtected` is false.
   */
  unprotect(response: Response): Result<OpenedResponse, SecureMessagingError> {
    this.#advance();
    const parts = readTlvs(response.data, 8);
    if (!parts.ok) return fail('secureResponseMalformed');
    const objects = parts.value;
    const mac = objects[objects.length - 1];
    if (mac?.tag !== 0x8e || mac.value.length !== 8) return fail('secureResponseMalformed');
    const covered = concatBytes(...objects.slice(0, -1).map(({ raw }) => raw));
    if (!isSameMac(this.#mac(covered), mac.value)) return fail('secureResponseMacWrong');
    const status = findTlv(objects, 0x99)?.value;
    if (status ? status.length !== 2 : response.status !== 0x9000) return fail('secureResponseMalformed');
    const word = status ? status[0]! * 256 + status[1]! : 0x9000;
    if (word !== response.status) return fail('secureResponseStatusWrong');
    const data = this.#decryptData(objects);
    return data.ok ? ok({ data: data.value, status: word, isStatusProtected: status !== undefined }) : data;
  }

  #encryptData(ins: number, data: Uint8Array): Uint8Array {
    const { cipher, encryption } = this.#keys;
    const encrypted = encryptCbc(cipher, encryption, this.#iv(), padMethod2(data, blockBytes(cipher)));
    // Odd instructions carry BER-TLV data: DO'85' without a padding indicator (§9.8.4).
    return ins % 2 === 1 ? encodeTlv(0x85, encrypted) : encodeTlv(0x87, Uint8Array.of(1), encrypted);
  }

  #decryptData(objects: Parameters<typeof findTlv>[0]): Result<Uint8Array, SecureMessagingError> {
    const even = findTlv(objects, 0x87);
    const odd = findTlv(objects, 0x85);
    if (!even && !odd) return ok(new Uint8Array(0));
    if (even && (odd || even.value[0] !== 1)) return fail('secureResponseMalformed');
    const encrypted = even ? even.value.subarray(1) : odd!.value;
    const { cipher, encryption } = this.#keys;
    if (encrypted.length === 0 || encrypted.length % blockBytes(cipher) !== 0) return fail('secureResponseMalformed');
    const plain = unpadMethod2(decryptCbc(cipher, encryption, this.#iv(), encrypted));
    return plain ? ok(plain) : fail('secureResponsePaddingWrong');
  }

  /** 3DES starts from zero; AES from the encrypted counter (§9.8.6.1, §9.8.7.1). */
  #iv(): Uint8Array {
    const { cipher, encryption } = this.#keys;
    return cipher === '3DES' ? ZERO_8 : encryptCbc(cipher, encryption, ZERO_16, this.#counter);
  }

  /** Over counter and content; AES pads here too, so that CMAC sees whole blocks (§9.8.6.2, §9.8.7.2). */
  #mac(covered: Uint8Array): Uint8Array {
    const { cipher, mac } = this.#keys;
    const message = concatBytes(this.#counter, covered);
    return cipher === '3DES' ? retailMac(mac, message) : aesCmac(cipher, mac, padMethod2(message, 16));
  }

  #advance(): void {
    for (let i = this.#counter.length - 1; i >= 0; i--) {
      this.#counter[i] = (this.#counter[i]! + 1) & 0xff;
      if (this.#counter[i] !== 0) return;
    }
  }
}

/** DO'97': one byte up to 256, two beyond; 256 is 00 and 65536 is 0000. */
function encodeExpected(expected: number): Uint8Array {
  return expected <= 256 ? Uint8Array.of(expected & 0xff) : Uint8Array.of((expected >> 8) & 0xff, expected & 0xff);
}
