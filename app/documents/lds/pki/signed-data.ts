import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { err, ok, type Result } from '../../../contract/result.ts';
import { checkBerStructure, type StructureLimits } from '../ber-structure.ts';
import { readTlv } from '../ber-tlv.ts';
import { digest, type HashName } from '../crypto/digest.ts';
import { type PublicKeyError, readPublicKey } from '../crypto/public-key.ts';
import { readHashAlgorithm, readSignatureScheme, type SignatureError, verifySignature } from '../crypto/signature.ts';
import { equalBytes } from '../der.ts';
import { type Certificate, computedKeyId, readCertificate, serialHex } from './certificate.ts';
import { detachContent } from './detach-content.ts';
import { readName } from './name.ts';

/** A CMS SignedData with one signer and its content inside, as EF.SOD, EF.CardSecurity and master lists are (RFC 5652 §5). */
export interface SignedData {
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly certificates: readonly Certificate[];
  readonly signer: SignerInfo;
}

export interface SignerInfo {
  readonly identifier:
    | { readonly kind: 'issuerAndSerial'; readonly issuer: string; readonly serialNumber: string }
    | { readonly kind: 'keyId'; readonly keyId: string };
  readonly hash: HashName | null;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  /** DER of the signed attributes as a SET OF, or null where the content is signed directly. */
  readonly signedAttributes: Uint8Array | null;
  readonly messageDigest: Uint8Array | null;
  readonly attributeContentType: string | null;
}

export type CmsErrorCode =
  | 'cmsMalformed'
  | 'cmsNoContent'
  | 'cmsSignerCount'
  | 'cmsSignerCertificateMissing'
  | 'cmsHashUnknown'
  | 'cmsDigestMismatch'
  | 'cmsContentTypeMismatch';

export interface CmsError {
  readonly code: CmsErrorCode;
}

const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
/** Above this the content is taken out before the general parser sees the object. */
const LARGE_BYTES = 32 * 1024;
const fail = (code: CmsErrorCode) => err<CmsError>({ code });

/** Reads ContentInfo with SignedData in BER or DER. The structure is measured first, so that pkijs meets only sane input. */
export function readSignedData(bytes: Uint8Array, limits: StructureLimits): Result<SignedData, CmsError> {
  if (!checkBerStructure(bytes, limits).ok) return fail('cmsMalformed');
  const detached = bytes.length > LARGE_BYTES ? detachContent(bytes) : null;
  let parsed: Result<Omit<SignedData, 'certificates'>, CmsError>;
  let encoded: readonly Uint8Array[] = [];
  try {
    // asn1js looks into octet strings as well and counts what it finds there against limits of its own, 10,000 nodes by default:
    // too few for a master list.
    const { maxDepth, maxNodes, maxBytes } = limits;
    const read = asn1js.fromBER(Uint8Array.from(detached?.skeleton ?? bytes).buffer, {
      maxDepth,
      maxNodes,
      maxContentLength: maxBytes,
    });
    if (read.offset === -1) return fail('cmsMalformed');
    const info = new pkijs.ContentInfo({ schema: read.result });
    if (info.contentType !== SIGNED_DATA) return fail('cmsMalformed');
    const signedData = new pkijs.SignedData({ schema: info.content });
    parsed = convert(signedData);
    if (parsed.ok) encoded = (signedData.certificates ?? []).filter(isCertificate).map(originalBytes);
  } catch {
    // pkijs throws on every deviation from its schema; the file is what is wrong, not the program.
    return fail('cmsMalformed');
  }
  if (!parsed.ok) return parsed;
  const certificates: Certificate[] = [];
  for (const der of encoded) {
    const read = readCertificate(der);
    if (read.ok) certificates.push(read.value);
  }
  return ok({ ...parsed.value, content: detached?.content ?? parsed.value.content, certificates });
}

const isCertificate = (item: unknown): item is pkijs.Certificate => item instanceof pkijs.Certificate;

function convert(signedData: pkijs.SignedData): Result<Omit<SignedData, 'certificates'>, CmsError> {
  const [signer] = signedData.signerInfos;
  if (!signer || signedData.signerInfos.length !== 1) return fail('cmsSignerCount');
  const octets = signedData.encapContentInfo.eContent;
  if (!octets) return fail('cmsNoContent');
  const identifier = readIdentifier(signer.sid);
  if (!identifier) return fail('cmsMalformed');
  const attributes = signer.signedAttrs?.attributes ?? [];
  const digestValue = attributes.find(({ type }) => type === MESSAGE_DIGEST)?.values[0];
  const typeValue = attributes.find(({ type }) => type === CONTENT_TYPE)?.values[0];
  return ok({
    contentType: signedData.encapContentInfo.eContentType,
    content: new Uint8Array(octets.getValue()),
    signer: {
      identifier,
      hash: readHashAlgorithm(new Uint8Array(signer.digestAlgorithm.toSchema().toBER(false))),
      signatureAlgorithm: new Uint8Array(signer.signatureAlgorithm.toSchema().toBER(false)),
      signature: new Uint8Array(signer.signature.getValue()),
      signedAttributes: signer.signedAttrs ? new Uint8Array(signer.signedAttrs.encodedValue) : null,
      messageDigest: digestValue instanceof asn1js.OctetString ? new Uint8Array(digestValue.getValue()) : null,
      attributeContentType: typeValue instanceof asn1js.ObjectIdentifier ? typeValue.getValue() : null,
    },
  });
}

/**
 * The certificate as it was received: pkijs keeps a view of the signed part in the input, and the header before it makes the
 * whole. Writing it anew would repair odd encodings and so break the fingerprint.
 */
function originalBytes(certificate: pkijs.Certificate): Uint8Array {
  const { tbsView } = certificate;
  const input = new Uint8Array(tbsView.buffer);
  for (let header = 2; header <= 5 && header <= tbsView.byteOffset; header++) {
    const outer = readTlv(input, tbsView.byteOffset - header);
    if (outer.ok && outer.value.tag === 0x30 && outer.value.headerLength === header) return outer.value.raw;
  }
  return new Uint8Array(certificate.toSchema(false).toBER(false));
}

function readIdentifier(sid: unknown): SignerInfo['identifier'] | null {
  if (sid instanceof pkijs.IssuerAndSerialNumber) {
    const issuer = readName(new Uint8Array(sid.issuer.toSchema().toBER(false)));
    const serialNumber = serialHex(sid.serialNumber.valueBlock.valueHexView);
    return issuer ? { kind: 'issuerAndSerial', issuer: issuer.canonical, serialNumber } : null;
  }
  // pkijs leaves `[0] SubjectKeyIdentifier` as the primitive it found.
  if (sid instanceof asn1js.BaseBlock && 'valueHexView' in sid.valueBlock) {
    const { valueHexView } = sid.valueBlock as { valueHexView: Uint8Array };
    return { kind: 'keyId', keyId: Buffer.from(valueHexView).toString('hex') };
  }
  return null;
}

/** The certificate that the signer names, out of those given; null where none fits. */
export function findSigner(signer: SignerInfo, certificates: readonly Certificate[]): Certificate | null {
  const { identifier } = signer;
  const fits = (certificate: Certificate): boolean =>
    identifier.kind === 'keyId'
      ? certificate.subjectKeyId === identifier.keyId || computedKeyId(certificate) === identifier.keyId
      : certificate.issuer.canonical === identifier.issuer && certificate.serialNumber === identifier.serialNumber;
  return certificates.find(fits) ?? null;
}

/** Verifies the one signature with the signer's certificate: attributes, content digest, signature (RFC 5652 §5.6). */
export function verifySignedData(
  data: SignedData,
  signer: Certificate,
): Result<void, CmsError | PublicKeyError | SignatureError> {
  const { signer: info } = data;
  const key = readPublicKey(signer.subjectPublicKeyInfo);
  if (!key.ok) return key;
  const scheme = readSignatureScheme(info.signatureAlgorithm);
  if (!scheme.ok) return scheme;
  if (!info.signedAttributes) return verifySignature(scheme.value, key.value, data.content, info.signature, info.hash);
  if (!info.hash) return fail('cmsHashUnknown');
  if (!info.messageDigest || !equalBytes(info.messageDigest, digest(info.hash, data.content))) {
    return fail('cmsDigestMismatch');
  }
  if (info.attributeContentType !== null && info.attributeContentType !== data.contentType) {
    return fail('cmsContentTypeMismatch');
  }
  return verifySignature(scheme.value, key.value, info.signedAttributes, info.signature, info.hash);
}
