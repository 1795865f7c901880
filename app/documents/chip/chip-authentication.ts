import { err, ok, type Result } from '../../contract/result.ts';
import { encodeTlv } from '../lds/ber-tlv.ts';
import { type PublicKey, readPublicKey } from '../lds/crypto/public-key.ts';
import { bigIntToBytes, encodeOidValue } from '../lds/der.ts';
import type { SecurityInfos } from '../lds/security-infos.ts';
import { command } from './apdu.ts';
import type { RandomBytes } from './bac.ts';
import type { CardConnection, ConnectionError } from './card-connection.ts';
import { blockBytes } from './crypto/block-cipher.ts';
import { deriveKey, KEY_PURPOSE } from './crypto/key-derivation.ts';
import { dhByPrime } from './dh-parameters.ts';
import { type AgreementGroup, dhGroup, ecGroup } from './key-agreement.ts';
import { type ChipAuthenticationProtocol, chipAuthenticationProtocol } from './pace-protocol-id.ts';
import { SecureMessaging } from './secure-messaging.ts';

export type ChipAuthenticationError =
  | { readonly code: 'caRefused'; readonly status: number }
  | { readonly code: 'caKeyUnsupported' | 'caKeyInvalid' | 'caSessionRefused' }
  | ConnectionError;

/** One way to authenticate the chip that EF.DG14 offers. */
export interface ChipAuthenticationOffer {
  readonly protocol: ChipAuthenticationProtocol;
  readonly keyId: number | null;
  readonly key: PublicKey;
}

/** Chips of the first generation leave ChipAuthenticationInfo out: then 3DES is meant (BSI TR-03110-3 §A.1.1.1). */
const DEFAULT_PROTOCOL: Readonly<Record<string, string>> = {
  '0.4.0.127.0.7.2.2.1.1': '0.4.0.127.0.7.2.2.3.1.1',
  '0.4.0.127.0.7.2.2.1.2': '0.4.0.127.0.7.2.2.3.2.1',
};

/** The offers of EF.DG14 that this software can take up, strongest cipher first. */
export function chipAuthenticationOffers(infos: SecurityInfos): readonly ChipAuthenticationOffer[] {
  const offers: ChipAuthenticationOffer[] = [];
  for (const { oid, keyId, subjectPublicKeyInfo } of infos.chipAuthenticationKeys) {
    const key = readPublicKey(subjectPublicKeyInfo);
    if (!key.ok) continue;
    const named = infos.chipAuthentication.filter((info) => info.keyId === keyId || info.keyId === null);
    const oids = named.length > 0 ? named.map((info) => info.oid) : [DEFAULT_PROTOCOL[oid] ?? ''];
    for (const candidate of oids) {
      const protocol = chipAuthenticationProtocol(candidate);
      const fits = protocol && (protocol.agreement === 'ecdh') === (key.value.kind === 'ec');
      if (protocol && fits) offers.push({ protocol, keyId, key: key.value });
    }
  }
  return offers.sort((a, b) => b.protocol.cipher.localeCompare(a.protocol.cipher)).sort(byAesFirst);
}

const byAesFirst = (a: ChipAuthenticationOffer, b: ChipAuthenticationOffer): number =>
  Number(a.protocol.cipher === '3DES') - Number(b.protocol.cipher === '3DES');

/**
 * Chip authentication, version 1 (ICAO 9303-11 §6.2). On success the connection goes on under the new keys; the proof is that the
 * chip can: the caller's next protected command must succeed.
 */
export async function performChipAuthentication(
  connection: CardConnection,
  offer: ChipAuthenticationOffer,
  random: RandomBytes,
): Promise<Result<void, ChipAuthenticationError>> {
  const { key } = offer;
  if (key.kind === 'ec') return run(connection, offer, ecGroup(key.curve), key.point, random);
  if (key.kind !== 'dh') return err({ code: 'caKeyUnsupported' });
  const group = dhByPrime(key.p, key.g);
  if (!group) return err({ code: 'caKeyUnsupported' });
  const length = Math.ceil(key.p.toString(16).length / 2);
  return run(connection, offer, dhGroup(group), bigIntToBytes(key.y, length), random);
}

async function run<E>(
  connection: CardConnection,
  offer: ChipAuthenticationOffer,
  group: AgreementGroup<E>,
  chipKeyBytes: Uint8Array,
  random: RandomBytes,
): Promise<Result<void, ChipAuthenticationError>> {
  const chipKey = group.decode(chipKeyBytes);
  if (chipKey === null) return err({ code: 'caKeyInvalid' });
  const { cipher } = offer.protocol;
  const scalar = group.randomScalar(random);
  const ownKey = group.encode(group.power(group.generator, scalar));
  const sent = await sendKey(connection, offer, ownKey);
  if (!sent.ok) return sent;
  const secret = group.sharedSecret(group.power(chipKey, scalar));
  connection.takeSession(
    new SecureMessaging({
      cipher,
      encryption: deriveKey(secret, KEY_PURPOSE.encryption, cipher),
      mac: deriveKey(secret, KEY_PURPOSE.mac, cipher),
      counter: new Uint8Array(blockBytes(cipher)),
    }),
  );
  return ok();
}

/** 3DES: MSE:Set KAT carries the key. AES: MSE:Set AT names the protocol, GENERAL AUTHENTICATE carries the key (§6.2.4). */
async function sendKey(
  connection: CardConnection,
  { protocol, keyId }: ChipAuthenticationOffer,
  ownKey: Uint8Array,
): Promise<Result<void, ChipAuthenticationError>> {
  const reference = keyId === null ? new Uint8Array(0) : encodeTlv(0x84, Uint8Array.of(keyId));
  const commands =
    protocol.cipher === '3DES'
      ? [command(0x22, 0x41, 0xa6, Buffer.concat([encodeTlv(0x91, ownKey), reference]))]
      : [
          command(0x22, 0x41, 0xa4, Buffer.concat([encodeTlv(0x80, encodeOidValue(protocol.oid)), reference])),
          command(0x86, 0, 0, encodeTlv(0x7c, encodeTlv(0x80, ownKey)), 256),
        ];
  for (const cmd of commands) {
    const answer = await connection.send(cmd);
    if (!answer.ok) return answer;
    if (answer.value.status !== 0x9000) return err({ code: 'caRefused', status: answer.value.status });
  }
  return ok();
}
