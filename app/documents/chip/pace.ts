import { err, ok, type Result } from '../../contract/result.ts';
import { encodeTlv, findTlv, readTemplate, type Tlv } from '../lds/ber-tlv.ts';
import { derOid, encodeOidValue, equalBytes } from '../lds/der.ts';
import { type AccessKey, paceSecret } from './access-key.ts';
import { command } from './apdu.ts';
import type { RandomBytes } from './bac.ts';
import type { CardConnection, ConnectionError } from './card-connection.ts';
import { blockBytes, decryptCbc, encryptCbc, keyBytes, unpadMethod2, ZERO_8, ZERO_16 } from './crypto/block-cipher.ts';
import { deriveKey, KEY_PURPOSE } from './crypto/key-derivation.ts';
import { isSameMac, messageMac } from './crypto/mac.ts';
import type { AgreementGroup } from './key-agreement.ts';
import { mapGenerically, mapIntegrated } from './pace-mapping.ts';
import type { PaceProtocol } from './pace-protocol-id.ts';
import { SecureMessaging } from './secure-messaging.ts';

export type PaceError =
  | { readonly code: 'paceRefused' | 'paceKeyRefused'; readonly status: number }
  | {
      readonly code:
        | 'paceResponseMalformed'
        | 'paceMappingUnsupported'
        | 'paceKeyInvalid'
        | 'paceKeyReflected'
        | 'paceTokenWrong'
        | 'paceChipDataMalformed';
    }
  | ConnectionError;

export interface PaceRun<E> {
  readonly protocol: PaceProtocol;
  readonly group: AgreementGroup<E>;
  readonly key: AccessKey;
  /** Sent as DO'84' where the chip offers more than one set of domain parameters. */
  readonly parameterId: number | null;
  readonly random: RandomBytes;
  /** Own scalars; passed in so that worked examples can be replayed. */
  readonly scalar: () => bigint;
}

/** What chip-authentication mapping leaves to be checked against EF.CardSecurity once that is verified (§4.4.3.5.2). */
export interface ChipAuthenticationData<E> {
  readonly mappingKey: E;
  readonly scalar: Uint8Array;
}

const INS = { GENERAL_AUTHENTICATE: 0x86, MANAGE_SECURITY: 0x22 } as const;
const malformed = err<PaceError>({ code: 'paceResponseMalformed' });

/** DO'7F49' over protocol and public key: what each side's token signs (§4.4.3.4, §9.4). */
export function tokenInput(oid: string, tag: number, publicKey: Uint8Array): Uint8Array {
  return encodeTlv(0x7f49, derOid(oid), encodeTlv(tag, publicKey));
}

/** MSE:Set AT for PACE (§4.4.4.1). */
function paceSetup(protocol: PaceProtocol, key: AccessKey, parameterId: number | null): Uint8Array {
  const parts = [
    encodeTlv(0x80, encodeOidValue(protocol.oid)),
    encodeTlv(0x83, Uint8Array.of(key.kind === 'mrz' ? 1 : 2)),
  ];
  if (parameterId !== null) parts.push(encodeTlv(0x84, Uint8Array.of(parameterId)));
  return Buffer.concat(parts);
}

/** Password-authenticated connection establishment, the terminal's side (ICAO 9303-11 §4.4). Takes up the session on success. */
export async function performPace<E>(
  connection: CardConnection,
  run: PaceRun<E>,
): Promise<Result<ChipAuthenticationData<E> | null, PaceError>> {
  const { protocol, group } = run;
  connection.takeSession(null);
  const setup = await connection.send(
    command(INS.MANAGE_SECURITY, 0xc1, 0xa4, paceSetup(protocol, run.key, run.parameterId)),
  );
  if (!setup.ok) return setup;
  // 63Cx counts the tries left of a CAN; the protocol goes on.
  if (setup.value.status !== 0x9000 && setup.value.status >> 4 !== 0x63c) {
    return err({ code: 'paceRefused', status: setup.value.status });
  }
  const first = await step(connection, [], true);
  if (!first.ok) return first;
  const encrypted = findTlv(first.value, 0x80)?.value;
  if (!encrypted || encrypted.length === 0 || encrypted.length > 32 || encrypted.length % 16 !== 0) return malformed;
  const nonce = decryptNonce(protocol, run.key, encrypted);

  const mapped = await mapNonce(connection, run, nonce);
  if (!mapped.ok) return mapped;
  const own = run.scalar();
  const ownKey = group.encode(group.power(mapped.value.generator, own));
  const third = await step(connection, [encodeTlv(0x83, ownKey)], true);
  if (!third.ok) return third;
  const chipKeyBytes = findTlv(third.value, 0x84)?.value;
  const chipKey = chipKeyBytes ? group.decode(chipKeyBytes) : null;
  if (!chipKeyBytes || chipKey === null) return err({ code: 'paceKeyInvalid' });
  if (equalBytes(chipKeyBytes, ownKey)) return err({ code: 'paceKeyReflected' });

  const secret = group.sharedSecret(group.power(chipKey, own));
  const encryption = deriveKey(secret, KEY_PURPOSE.encryption, protocol.cipher);
  const mac = deriveKey(secret, KEY_PURPOSE.mac, protocol.cipher);
  const tokenFor = (key: Uint8Array) =>
    messageMac(protocol.cipher, mac, tokenInput(protocol.oid, group.publicKeyTag, key));
  const last = await step(connection, [encodeTlv(0x85, tokenFor(chipKeyBytes))], false);
  if (!last.ok) return last;
  const token = findTlv(last.value, 0x86)?.value;
  if (!token || !isSameMac(token, tokenFor(ownKey))) return err({ code: 'paceTokenWrong' });
  connection.takeSession(
    new SecureMessaging({
      cipher: protocol.cipher,
      encryption,
      mac,
      counter: new Uint8Array(blockBytes(protocol.cipher)),
    }),
  );
  if (protocol.mapping !== 'chipAuthentication' || mapped.value.chipMappingKey === null) return ok(null);
  const scalar = openChipData(protocol, encryption, findTlv(last.value, 0x8a));
  return scalar ? ok({ mappingKey: mapped.value.chipMappingKey, scalar }) : err({ code: 'paceChipDataMalformed' });
}

/** z to s, with the key that the password gives (§4.4.3.2). */
function decryptNonce(protocol: PaceProtocol, key: AccessKey, encrypted: Uint8Array): Uint8Array {
  const password = deriveKey(paceSecret(key), KEY_PURPOSE.password, protocol.cipher);
  return decryptCbc(protocol.cipher, password, protocol.cipher === '3DES' ? ZERO_8 : ZERO_16, encrypted);
}

interface Mapped<E> {
  readonly generator: E;
  readonly chipMappingKey: E | null;
}

async function mapNonce<E>(
  connection: CardConnection,
  run: PaceRun<E>,
  nonce: Uint8Array,
): Promise<Result<Mapped<E>, PaceError>> {
  const { group, protocol } = run;
  if (protocol.mapping === 'integrated') {
    const terminalNonce = run.random(keyBytes(protocol.cipher));
    const answer = await step(connection, [encodeTlv(0x81, terminalNonce)], true);
    if (!answer.ok) return answer;
    const generator = mapIntegrated(group, protocol.cipher, nonce, terminalNonce);
    return generator === null || group.isNeutral(generator)
      ? err({ code: 'paceMappingUnsupported' })
      : ok({ generator, chipMappingKey: null });
  }
  const own = run.scalar();
  const ownKey = group.encode(group.power(group.generator, own));
  const answer = await step(connection, [encodeTlv(0x81, ownKey)], true);
  if (!answer.ok) return answer;
  const chipBytes = findTlv(answer.value, 0x82)?.value;
  const chipKey = chipBytes ? group.decode(chipBytes) : null;
  if (!chipBytes || chipKey === null) return err({ code: 'paceKeyInvalid' });
  if (equalBytes(chipBytes, ownKey)) return err({ code: 'paceKeyReflected' });
  const generator = mapGenerically(group, nonce, group.power(chipKey, own));
  return group.isNeutral(generator) ? err({ code: 'paceKeyInvalid' }) : ok({ generator, chipMappingKey: chipKey });
}

/** One GENERAL AUTHENTICATE; all but the last are marked as a chain (§4.4.4.2). */
async function step(
  connection: CardConnection,
  objects: readonly Uint8Array[],
  isMoreToCome: boolean,
): Promise<Result<readonly Tlv[], PaceError>> {
  const data = encodeTlv(0x7c, ...objects);
  const answer = await connection.send({
    ...command(INS.GENERAL_AUTHENTICATE, 0, 0, data, data.length > 255 ? 65_536 : 256),
    cla: isMoreToCome ? 0x10 : 0x00,
  });
  if (!answer.ok) return answer;
  const { status } = answer.value;
  // A wrong password shows only in the last step: 6300 or 63Cx.
  if (status !== 0x9000) return err({ code: status >> 8 === 0x63 ? 'paceKeyRefused' : 'paceRefused', status });
  const parts = readTemplate(answer.value.data, 0x7c);
  return parts.ok ? parts : malformed;
}

/** Decrypts the chip's authentication data: IV is the encryption of all ones (§4.4.3.5.1). */
function openChipData(protocol: PaceProtocol, encryption: Uint8Array, data: Tlv | undefined): Uint8Array | null {
  if (!data || data.value.length === 0 || data.value.length % 16 !== 0 || data.value.length > 256) return null;
  const iv = encryptCbc(protocol.cipher, encryption, ZERO_16, new Uint8Array(16).fill(0xff));
  return unpadMethod2(decryptCbc(protocol.cipher, encryption, iv, data.value));
}
