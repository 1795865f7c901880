import { encodeTlv } from '../../../app/documents/lds/ber-tlv.ts';
import { digest } from '../../../app/documents/lds/crypto/digest.ts';
import { derInteger, derOctets, derOid, derSequence, derSet } from '../../../app/documents/lds/der.ts';
import { keyId, type Name, writeName } from './certificate-writer.ts';
import { hashAlgorithm, type SigningKey } from './key-pair.ts';

export interface CmsSigner {
  readonly key: SigningKey;
  readonly certificate: Uint8Array;
  readonly issuer: Name;
  readonly serialNumber: number;
}

export interface CmsForm {
  /** Names the signer by its key identifier instead of issuer and serial number. */
  readonly byKeyId: boolean;
  /** Writes the outer structures and the content with indefinite lengths, as some issuers' tools do. */
  readonly indefinite: boolean;
}

const PLAIN: CmsForm = { byKeyId: false, indefinite: false };

/** Writes ContentInfo with SignedData and signed attributes (RFC 5652 §5), the shape of EF.SOD and of master lists. */
export function writeSignedData(
  contentType: string,
  content: Uint8Array,
  signer: CmsSigner,
  form: CmsForm = PLAIN,
): Uint8Array {
  const { key } = signer;
  const attributes = [
    derSequence(derOid('1.2.840.113549.1.9.3'), derSet(derOid(contentType))),
    derSequence(derOid('1.2.840.113549.1.9.4'), derSet(derOctets(digest(key.hash, content)))),
  ];
  const asSet = derSet(...attributes);
  const info = derSequence(
    derInteger(form.byKeyId ? 3 : 1),
    form.byKeyId ? encodeTlv(0x80, keyId(key)) : derSequence(writeName(signer.issuer), derInteger(signer.serialNumber)),
    hashAlgorithm(key.hash),
    // The attributes are signed as a SET and sent with the context tag (§5.4).
    Buffer.concat([Uint8Array.of(0xa0), asSet.subarray(1)]),
    key.signatureAlgorithm,
    derOctets(key.sign(asSet)),
  );
  const wrap = form.indefinite
    ? indefinite
    : (tag: number, ...parts: readonly Uint8Array[]) => encodeTlv(tag, ...parts);
  const half = content.length >> 1;
  // In BER an octet string may come in pieces.
  const octets = form.indefinite
    ? indefinite(0x24, derOctets(content.subarray(0, half)), derOctets(content.subarray(half)))
    : derOctets(content);
  const signedData = wrap(
    0x30,
    derInteger(3),
    derSet(hashAlgorithm(key.hash)),
    wrap(0x30, derOid(contentType), wrap(0xa0, octets)),
    wrap(0xa0, signer.certificate),
    derSet(info),
  );
  return wrap(0x30, derOid('1.2.840.113549.1.7.2'), wrap(0xa0, signedData));
}

function indefinite(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0)]);
}
