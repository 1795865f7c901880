import { err, ok, type Result } from '../../contract/result.ts';
import { CMS_LIMITS } from './ber-structure.ts';
import type { LdsError } from './lds-error.ts';
import { buildChain, judgeChain } from './pki/chain.ts';
import { type CmsError, findSigner, readSignedData, verifySignedData } from './pki/signed-data.ts';
import type { TrustStore } from './pki/trust-store.ts';
import { readSecurityInfos, type SecurityInfos } from './security-infos.ts';

/** EF.CardSecurity (ICAO 9303-11 §9.2.11): SecurityInfos signed like EF.SOD. */
export interface CardSecurity {
  readonly infos: SecurityInfos;
  /** Whether its signer leads to a trusted authority and is valid now. */
  readonly isChainTrusted: boolean;
}

/** id-SecurityObject of BSI TR-03110-3 §A.1.2.5. */
const SECURITY_OBJECT_OID = '0.4.0.127.0.7.3.2.1';

/** Reads and verifies the signature; a file whose signature does not hold is an error, an unknown issuer is not. */
export function readCardSecurity(
  file: Uint8Array,
  store: TrustStore,
  at: Date,
): Result<CardSecurity, LdsError | CmsError | { readonly code: string }> {
  const data = readSignedData(file, CMS_LIMITS);
  if (!data.ok) return data;
  if (data.value.contentType !== SECURITY_OBJECT_OID) return err({ code: 'cmsContentTypeMismatch' });
  const signer = findSigner(data.value.signer, data.value.certificates);
  if (!signer) return err({ code: 'cmsSignerCertificateMissing' });
  const verified = verifySignedData(data.value, signer);
  if (!verified.ok) return verified;
  const infos = readSecurityInfos(data.value.content, 'CardSecurity');
  if (!infos.ok) return infos;
  const chain = buildChain(signer, store);
  return ok({ infos: infos.value, isChainTrusted: chain.ok && judgeChain(chain.value, store, at).ok });
}
