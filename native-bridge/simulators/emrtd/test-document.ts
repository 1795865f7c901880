import { encodeTlv } from '../../../app/documents/lds/ber-tlv.ts';
import { digest, type HashName } from '../../../app/documents/lds/crypto/digest.ts';
import { derInteger, derOid, derSequence, derSet } from '../../../app/documents/lds/der.ts';
import { writeDg1 } from '../../../app/documents/lds/dg1.ts';
import { writeDg2 } from '../../../app/documents/lds/dg2.ts';
import { writeEfCom } from '../../../app/documents/lds/ef-com.ts';
import { type DataGroupName, dataGroupNumber, type FileName } from '../../../app/documents/lds/files.ts';
import type { EncodedImage } from '../../../app/documents/lds/image.ts';
import { LDS_SECURITY_OBJECT_OID, writeSecurityObject } from '../../../app/documents/lds/security-object.ts';
import type { DhKeyPair, EcKeyPair, SigningKey } from './key-pair.ts';
import { type CmsForm, writeSignedData } from './signed-data-writer.ts';
import type { TestIssuer } from './test-issuer.ts';

export interface DocumentRequest {
  readonly issuer: TestIssuer;
  /** Content of DG1: the printed lines one after the other, or the 90 characters of a Chinese card. */
  readonly mrz: string;
  readonly portrait: EncodedImage;
  /** Hash of the security object; SHA-256 by default. */
  readonly hash?: HashName;
  /** Standardized domain parameters and object identifiers that EF.CardAccess offers; none for BAC alone. */
  readonly pace?: readonly { readonly oid: string; readonly parameterId: number }[];
  readonly chipAuthentication?: { readonly oid: string; readonly key: EcKeyPair | DhKeyPair };
  readonly activeAuthentication?: SigningKey;
  /** Data groups whose hash in EF.SOD is made wrong. */
  readonly wrongHashes?: readonly DataGroupName[];
  /** Data groups that EF.SOD does not list although they are there. */
  readonly uncovered?: readonly DataGroupName[];
  /** How EF.SOD's CMS is written. */
  readonly cmsForm?: CmsForm;
  /** Further data groups as they are, tag included. */
  readonly others?: ReadonlyMap<DataGroupName, Uint8Array>;
}

const ID_PK_DH = '0.4.0.127.0.7.2.2.1.1';
const ID_PK_ECDH = '0.4.0.127.0.7.2.2.1.2';
const ID_AA = '2.23.136.1.1.5';
const ECDSA_PLAIN_SHA256 = '0.4.0.127.0.7.1.1.4.1.3';
const CARD_SECURITY_OID = '0.4.0.127.0.7.3.2.1';

/** Makes the files of a chip, signed by a test issuer. */
export function issueDocument(request: DocumentRequest): ReadonlyMap<FileName, Uint8Array> {
  const { issuer } = request;
  const hash = request.hash ?? 'SHA-256';
  const groups = new Map<DataGroupName, Uint8Array>([
    ['DG1', writeDg1(Buffer.from(request.mrz, 'latin1'))],
    ['DG2', writeDg2(request.portrait)],
    ...(request.others ?? []),
  ]);
  const infos = securityInfos(request);
  if (infos.length > 0) groups.set('DG14', encodeTlv(0x6e, derSet(...infos)));
  if (request.activeAuthentication)
    groups.set('DG15', encodeTlv(0x6f, request.activeAuthentication.subjectPublicKeyInfo));
  const hashes = new Map<number, Uint8Array>();
  for (const [name, bytes] of groups) {
    if (request.uncovered?.includes(name)) continue;
    const right = digest(hash, bytes);
    hashes.set(dataGroupNumber(name)!, request.wrongHashes?.includes(name) ? right.map((byte) => byte ^ 0xff) : right);
  }
  const object = writeSecurityObject(hash, hashes);
  const files = new Map<FileName, Uint8Array>(groups);
  files.set('COM', writeEfCom([...groups.keys()]));
  files.set('SOD', encodeTlv(0x77, writeSignedData(LDS_SECURITY_OBJECT_OID, object, issuer.signer, request.cmsForm)));
  if (request.pace) {
    const offers = request.pace.map(({ oid, parameterId }) =>
      derSequence(derOid(oid), derInteger(2), derInteger(parameterId)),
    );
    files.set('CardAccess', derSet(...offers));
    files.set('CardSecurity', writeSignedData(CARD_SECURITY_OID, derSet(...offers, ...infos), issuer.signer));
  }
  return files;
}

function securityInfos(request: DocumentRequest): readonly Uint8Array[] {
  const infos: Uint8Array[] = [];
  const { chipAuthentication, activeAuthentication } = request;
  if (chipAuthentication) {
    infos.push(
      derSequence(
        derOid('curve' in chipAuthentication.key ? ID_PK_ECDH : ID_PK_DH),
        chipAuthentication.key.subjectPublicKeyInfo,
        derInteger(1),
      ),
    );
    infos.push(derSequence(derOid(chipAuthentication.oid), derInteger(1), derInteger(1)));
  }
  if (activeAuthentication && 'curve' in activeAuthentication) {
    infos.push(derSequence(derOid(ID_AA), derInteger(1), derOid(ECDSA_PLAIN_SHA256)));
  }
  return infos;
}
