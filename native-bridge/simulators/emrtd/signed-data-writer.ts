import { encodeTlv } from '../../../app/documents/lds/ber-tlv.ts';
import { digest } from '../../../app/documents/lds/crypto/digest.ts';
import { derInteger, derOctets, derOid, derSequence, derSet } from '../../../app/documents/lds/der.ts';
import { type Name, writeName } from './certificate-writer.ts';
import { hashAlgorithm, type SigningKey } from './key-pair.ts';

export interface CmsSigner {
  readonly key: SigningKey;
  readonly certificate: Uint8Array;
  readonly issuer: Name;
  readonly serialNumber: number;
}

/** Writes ContentInfo with SignedData and signed attributes (RFC 5652 §5), the shape of EF.SOD and of master lists. */
export function writeSignedData(contentType: string, content: Uint8Array, signer: CmsSigner): Uint8Array {
  const { key } = signer;
  const attributes = [
    derSequence(derOid('1.2.840.113549.1.9.3'), derSet(derOid(contentType))),
    derSequence(derOid('1.2.840.113549.1.9.4'), derSet(derOctets(digest(key.hash, content)))),
  ];
  const asSet = derSet(...attributes);
  const info = derSequence(
    derInteger(1),
    derSequence(writeName(signer.issuer), derInteger(signer.serialNumber)),
    hashAlgorithm(key.hash),
    // The attributes are signed as a SET and sent with the context tag (§5.4).
    Buffer.concat([Uint8Array.of(0xa0), asSet.subarray(1)]),
    key.signatureAlgorithm,
    derOctets(key.sign(asSet)),
  );
  const signedData = derSequence(
    derInteger(3),
    derSet(hashAlgorithm(key.hash)),
    derSequence(derOid(contentType), encodeTlv(0xa0, derOctets(content))),
    encodeTlv(0xa0, signer.certificate),
    derSet(info),
  );
  return derSequence(derOid('1.2.840.113549.1.7.2'), encodeTlv(0xa0, signedData));
}
