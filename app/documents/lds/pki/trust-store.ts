import { type Certificate, computedKeyId, fingerprint } from './certificate.ts';
import type { RevocationList } from './revocation-list.ts';

export interface TrustCounts {
  readonly authorities: number;
  readonly documentSigners: number;
  readonly revocationLists: number;
  readonly countries: number;
}

/**
 * What the port's operator trusts: country signing certificates (self-signed and link), document signers found beside them,
 * and revocation lists. Only certificates with the CA mark can ever issue; a signer in the store is no anchor.
 */
export class TrustStore {
  readonly #authorities = new Map<string, Certificate>();
  readonly #bySubject = new Map<string, Certificate[]>();
  readonly #byKeyId = new Map<string, Certificate[]>();
  readonly #byCountry = new Map<string, Certificate[]>();
  readonly #signers = new Map<string, Certificate>();
  readonly #lists = new Map<string, RevocationList[]>();

  /** Adds a certificate once; gives false for one that is already there. */
  add(certificate: Certificate): boolean {
    const id = fingerprint(certificate);
    const home = isAuthority(certificate) ? this.#authorities : this.#signers;
    if (home.has(id)) return false;
    home.set(id, certificate);
    if (home === this.#authorities) {
      push(this.#bySubject, certificate.subject.canonical, certificate);
      if (certificate.subject.country) push(this.#byCountry, certificate.subject.country, certificate);
      for (const keyId of keyIds(certificate)) push(this.#byKeyId, keyId, certificate);
    }
    return true;
  }

  addRevocationList(list: RevocationList): void {
    push(this.#lists, list.issuer.canonical, list);
  }

  /**
   * Authorities that may have issued `certificate`: by key identifier, by name, and last any of the same country, since some
   * states' signers name their issuer otherwise than it names itself. Signatures are not checked here; only they decide.
   */
  issuerCandidates(issued: Pick<Certificate, 'issuer' | 'authorityKeyId'>): readonly Certificate[] {
    const byKey = issued.authorityKeyId === null ? [] : (this.#byKeyId.get(issued.authorityKeyId) ?? []);
    const byName = this.#bySubject.get(issued.issuer.canonical) ?? [];
    const byCountry = this.#byCountry.get(issued.issuer.country ?? '') ?? [];
    return [...new Set([...byKey, ...byName, ...byCountry])];
  }

  /** A document signer known from a directory, for an EF.SOD that does not carry its own. */
  documentSigners(): readonly Certificate[] {
    return [...this.#signers.values()];
  }

  /** The newest list that names `issuer`, or null. */
  revocationList(issuer: Certificate): RevocationList | null {
    const lists = this.#lists.get(issuer.subject.canonical) ?? [];
    return lists.reduce<RevocationList | null>(
      (best, list) => (best && best.thisUpdate >= list.thisUpdate ? best : list),
      null,
    );
  }

  authorities(): readonly Certificate[] {
    return [...this.#authorities.values()];
  }

  revocationLists(): readonly RevocationList[] {
    return [...this.#lists.values()].flat();
  }

  counts(): TrustCounts {
    const countries = new Set(this.authorities().map(({ subject }) => subject.country));
    return {
      authorities: this.#authorities.size,
      documentSigners: this.#signers.size,
      revocationLists: this.revocationLists().length,
      countries: countries.size,
    };
  }
}

/** Old CSCA are version 1 or lack basicConstraints; being self-issued with no key usage against it is all they say. */
function isAuthority(certificate: Certificate): boolean {
  if (certificate.isCa) return true;
  const selfIssued = certificate.issuer.canonical === certificate.subject.canonical;
  return selfIssued && (certificate.keyUsage === null || certificate.keyUsage.certificateSign);
}

function keyIds(certificate: Certificate): readonly string[] {
  const computed = computedKeyId(certificate);
  return [...new Set([certificate.subjectKeyId, computed].filter((id) => id !== null))];
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
