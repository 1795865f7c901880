import { err, ok } from '../../contract/result.ts';
import { readTemplate, readTlv } from '../lds/ber-tlv.ts';
import { curveByStandardizedId } from '../lds/crypto/curve.ts';
import { readPublicKey } from '../lds/crypto/public-key.ts';
import { equalBytes } from '../lds/der.ts';
import { bacSeed, mrzInformation } from './access-key.ts';
import { checkRepresentative } from './active-authentication.ts';
import { command } from './apdu.ts';
import type { ApduChannel } from './apdu-channel.ts';
import { performBac } from './bac.ts';
import { CardConnection } from './card-connection.ts';
import { chipDataMatches } from './chip-authentication-mapping.ts';
import { decryptCbc, ZERO_16 } from './crypto/block-cipher.ts';
import { deriveKey } from './crypto/key-derivation.ts';
import { messageMac } from './crypto/mac.ts';
import { dhByStandardizedId } from './dh-parameters.ts';
import { type AgreementGroup, dhGroup, ecGroup } from './key-agreement.ts';
import { performPace, tokenInput } from './pace.ts';
import { mapIntegrated, pseudoRandom } from './pace-mapping.ts';
import { paceProtocol } from './pace-protocol-id.ts';
import * as examples from './worked-examples.ts';

export interface KnownAnswer {
  readonly name: string;
  readonly ok: boolean;
}

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const number = (hex: string): bigint => BigInt(`0x${hex}`);

/**
 * Replays every worked example of Doc 9303-11 with the cryptography of this very runtime: OpenSSL under Node, BoringSSL inside
 * Electron. Part of the self-test, because a lane whose curve code is wrong must find out before a traveller does.
 */
export async function runKnownAnswers(): Promise<readonly KnownAnswer[]> {
  return [
    { name: 'BAC and secure messaging (D.2 to D.4)', ok: await replayBac() },
    { name: 'BAC seed of a long document number (D.2)', ok: checkLongNumber() },
    { name: 'Active authentication (F)', ok: checkActiveAuthentication() },
    { name: examples.PACE_ECDH_GENERIC.name, ok: await replayPace(examples.PACE_ECDH_GENERIC, ec(13)) },
    { name: examples.PACE_DH_GENERIC.name, ok: await replayPace(examples.PACE_DH_GENERIC, dh(0)) },
    { name: examples.PACE_ECDH_INTEGRATED.name, ok: checkIntegrated(examples.PACE_ECDH_INTEGRATED, ec(13)) },
    { name: examples.PACE_DH_INTEGRATED.name, ok: checkIntegrated(examples.PACE_DH_INTEGRATED, dh(0)) },
    { name: examples.PACE_CHIP_AUTHENTICATION.name, ok: await replayChipAuthenticationMapping() },
  ];
}

const ec = (id: number) => ecGroup(curveByStandardizedId(id)!);
const dh = (id: number) => dhGroup(dhByStandardizedId(id)!);

/** A channel that knows one conversation by heart and refuses to leave it. */
function scripted(transcript: examples.Transcript): { channel: ApduChannel; isDone: () => boolean } {
  let at = 0;
  const channel: ApduChannel = {
    maxCommandLength: 65_544,
    maxResponseLength: 65_538,
    transmit: async (sent) => {
      const line = transcript[at];
      if (!line || !equalBytes(bytes(line[0]), sent)) return err({ code: 'offScript' });
      at++;
      return ok(bytes(line[1]));
    },
    close: async () => undefined,
  };
  return { channel, isDone: () => at === transcript.length };
}

async function replayBac(): Promise<boolean> {
  const { BAC } = examples;
  const { channel, isDone } = scripted(BAC.transcript);
  const connection = new CardConnection(channel);
  const random = (length: number) => bytes(length === 8 ? BAC.terminalNonce : BAC.terminalKeyShare);
  const session = await performBac(connection, BAC.key, random);
  if (!session.ok) return false;
  await connection.send(command(0xa4, 0x02, 0x0c, bytes('011E')));
  const head = await connection.send(command(0xb0, 0, 0, undefined, 4));
  const rest = await connection.send(command(0xb0, 0, 4, undefined, 18));
  if (!head.ok || !rest.ok) return false;
  return isDone() && equalBytes(Buffer.concat([head.value.data, rest.value.data]), bytes(BAC.efCom));
}

function checkLongNumber(): boolean {
  const { LONG_NUMBER } = examples;
  const isSame = mrzInformation(LONG_NUMBER.key) === LONG_NUMBER.mrzInformation;
  return isSame && equalBytes(bacSeed(LONG_NUMBER.key), bytes(LONG_NUMBER.seed));
}

function checkActiveAuthentication(): boolean {
  const { representative, challenge } = examples.ACTIVE_AUTHENTICATION;
  const wrong = bytes(challenge).map((byte) => byte ^ 1);
  return (
    checkRepresentative(bytes(representative), bytes(challenge)) && !checkRepresentative(bytes(representative), wrong)
  );
}

type PaceExample =
  | typeof examples.PACE_ECDH_GENERIC
  | typeof examples.PACE_DH_GENERIC
  | typeof examples.PACE_CHIP_AUTHENTICATION;

async function replayPace<E>(example: PaceExample, group: AgreementGroup<E>): Promise<boolean> {
  const { channel, isDone } = scripted(example.transcript);
  const done = await performPace(new CardConnection(channel), paceRun(example, group));
  // The transcript ends with the terminal's token and the chip's: both were computed and compared.
  return done.ok && isDone();
}

function paceRun<E>(example: PaceExample, group: AgreementGroup<E>) {
  const scalars = example.scalars.map(number);
  const random = () => new Uint8Array(0);
  const protocol = paceProtocol(example.oid)!;
  return { protocol, group, key: example.key, parameterId: null, random, scalar: () => scalars.shift() ?? 0n };
}

async function replayChipAuthenticationMapping(): Promise<boolean> {
  const example = examples.PACE_CHIP_AUTHENTICATION;
  const group = ec(example.parameterId);
  const { channel, isDone } = scripted(example.transcript);
  const done = await performPace(new CardConnection(channel), paceRun(example, group));
  if (!done.ok || !done.value || !isDone()) return false;
  const info = readTemplate(bytes(example.chipPublicKeyInfo), 0x30);
  const spki = info.ok ? readTlv(info.value[1]!.raw) : null;
  const key = spki?.ok ? readPublicKey(spki.value.raw) : null;
  if (!key?.ok || key.value.kind !== 'ec') return false;
  return equalBytes(done.value.scalar, bytes(example.chipData)) && chipDataMatches(group, done.value, key.value.point);
}

type IntegratedExample = typeof examples.PACE_ECDH_INTEGRATED | typeof examples.PACE_DH_INTEGRATED;

function checkIntegrated<E>(example: IntegratedExample, group: AgreementGroup<E>): boolean {
  const nonce = decryptCbc('AES-128', bytes(example.passwordKey), ZERO_16, bytes(example.encryptedNonce));
  const terminalNonce = bytes(example.terminalNonce);
  const generator = mapIntegrated(group, 'AES-128', nonce, terminalNonce);
  if (generator === null) return false;
  const chipKey = group.power(generator, number(example.chipScalar));
  const ownKey = group.power(generator, number(example.terminalScalar));
  const secret = group.sharedSecret(group.power(chipKey, number(example.terminalScalar)));
  const mac = deriveKey(secret, 2, 'AES-128');
  const token = (key: E) => messageMac('AES-128', mac, tokenInput(example.oid, group.publicKeyTag, group.encode(key)));
  return [
    [nonce, example.nonce],
    [pseudoRandom('AES-128', nonce, terminalNonce, group.fieldBits), example.pseudoRandom],
    [group.encode(generator), example.generator],
    [secret, example.sharedSecret],
    [deriveKey(secret, 1, 'AES-128'), example.sessionEncryption],
    [mac, example.sessionMac],
    [token(chipKey), example.terminalToken],
    [token(ownKey), example.chipToken],
  ].every(([computed, published]) => equalBytes(computed as Uint8Array, bytes(published as string)));
}
