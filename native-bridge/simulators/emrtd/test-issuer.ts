import type { CurveName } from '../../../app/documents/lds/crypto/curve-parameters.ts';
import { derInteger, derSequence, derSet } from '../../../app/documents/lds/der.ts';
import { type Name, writeCertificate, writeRevocationList } from './certificate-writer.ts';
import { ecKeyPair, type RandomBytes, type SigningKey } from './key-pair.ts';
import { type CmsSigner, writeSignedData } from './signed-data-writer.ts';

export interface IssuerOptions {
  readonly country: string;
  readonly random: RandomBytes;
  /** The moment around which the certificates are valid. */
  readonly at: Date;
  /** Keys; by default P-256 with SHA-256 for both. */
  readonly authorityKey?: SigningKey;
  readonly signerKey?: SigningKey;
  /** Makes the document signer run out the day before `at`. */
  readonly expiredSigner?: boolean;
  readonly signerPurposes?: readonly string[];
}

const DAY_MS = 86_400_000;
const MASTER_LIST_OID = '2.23.136.1.1.2';
const MASTER_LIST_SIGNER = '2.23.136.1.1.3';
const SIGNER_SERIAL = 0x51;

/** A country that exists only while the program runs: its CSCA and its document signer, keys made on the spot. */
export class TestIssuer {
  readonly country: string;
  readonly authority: Uint8Array;
  readonly signer: CmsSigner;
  readonly #authorityKey: SigningKey;
  readonly #authorityName: Name;
  readonly #at: Date;
  readonly #random: RandomBytes;

  constructor(options: IssuerOptions) {
    const { country, random, at } = options;
    this.country = country;
    this.#at = at;
    this.#random = random;
    this.#authorityKey = options.authorityKey ?? newKey('secp256r1', random);
    this.#authorityName = { country, commonName: `Test CSCA ${country}` };
    this.authority = this.#certify(this.#authorityName, this.#authorityKey, 1, { isAuthority: true });
    const signerKey = options.signerKey ?? newKey('secp256r1', random);
    const signerName = { country, commonName: `Test DS ${country}` };
    this.signer = {
      key: signerKey,
      issuer: this.#authorityName,
      serialNumber: SIGNER_SERIAL,
      certificate: this.#certify(signerName, signerKey, SIGNER_SERIAL, {
        isExpired: options.expiredSigner ?? false,
        purposes: options.signerPurposes ?? [],
      }),
    };
  }

  /** A new authority of the same country, certified by the old one: the link, and the new self-signed certificate. */
  renewAuthority(): { readonly link: Uint8Array; readonly authority: Uint8Array; readonly successor: TestIssuer } {
    const key = newKey('brainpoolP256r1', this.#random);
    const successor = new TestIssuer({ country: this.country, random: this.#random, at: this.#at, authorityKey: key });
    const link = this.#certify(this.#authorityName, key, 2, { isAuthority: true });
    return { link, authority: successor.authority, successor };
  }

  /** A list signed by the authority; with `signerToo` it revokes the document signer. */
  revocationList(signerToo: boolean): Uint8Array {
    return writeRevocationList({
      issuer: this.#authorityName,
      issuerKey: this.#authorityKey,
      thisUpdate: this.#day(-1),
      nextUpdate: this.#day(90),
      revoked: signerToo ? [7, SIGNER_SERIAL] : [7],
    });
  }

  /** A master list of the given authorities, signed by a list signer of this country. */
  masterList(authorities: readonly Uint8Array[]): Uint8Array {
    const key = newKey('secp256r1', this.#random);
    const name = { country: this.country, commonName: `Test list signer ${this.country}` };
    const certificate = this.#certify(name, key, 0x4d, { purposes: [MASTER_LIST_SIGNER] });
    const content = derSequence(derInteger(0), derSet(...authorities));
    return writeSignedData(MASTER_LIST_OID, content, {
      key,
      certificate,
      issuer: this.#authorityName,
      serialNumber: 0x4d,
    });
  }

  #certify(
    subject: Name,
    subjectKey: SigningKey,
    serialNumber: number,
    how: { readonly isAuthority?: boolean; readonly isExpired?: boolean; readonly purposes?: readonly string[] },
  ): Uint8Array {
    return writeCertificate({
      serialNumber,
      subject,
      issuer: this.#authorityName,
      notBefore: this.#day(-400),
      notAfter: this.#day(how.isExpired ? -1 : 3650),
      isAuthority: how.isAuthority ?? false,
      extendedKeyUsage: how.purposes ?? [],
      subjectKey,
      issuerKey: this.#authorityKey,
    });
  }

  #day(offset: number): Date {
    // Certificates count whole seconds.
    return new Date(Math.floor((this.#at.getTime() + offset * DAY_MS) / 1000) * 1000);
  }
}

const newKey = (curve: CurveName, random: RandomBytes): SigningKey => ecKeyPair(curve, 'SHA-256', random);
