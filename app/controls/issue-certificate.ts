/** For development and tests: what an authority on a machine of one's own issues. In the field certificates are the port's own authority's. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  type ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

export const CERTIFICATE_KEYS = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;

export interface Authority {
  readonly certificate: X509Certificate;
  readonly keys: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
  /** Of what it issues, from now on. */
  readonly lifeMs: number;
}

export interface Issued {
  readonly cert: string;
  /** PKCS#8 PEM. */
  readonly key: string;
}

cryptoProvider.set(crypto);

export async function createAuthority(name: string, lifeMs: number): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    ...validity(lifeMs),
    signingAlgorithm: CERTIFICATE_KEYS,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificate, keys, lifeMs };
}

/** For `name` and for this machine. */
export async function issueCertificate(
  { certificate: authority, keys: { privateKey }, lifeMs }: Authority,
  name: string,
  usage: ExtendedKeyUsage,
): Promise<Issued> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex'),
    subject: `CN=${name}`,
    issuer: authority.subject,
    ...validity(lifeMs),
    signingAlgorithm: CERTIFICATE_KEYS,
    publicKey: keys.publicKey,
    signingKey: privateKey,
    extensions: [
      new ExtendedKeyUsageExtension([usage]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: name },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  return { cert: certificate.toString('pem'), key: await keyPem(keys.privateKey) };
}

export async function keyPem(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/** Real time, not a fake clock's: TLS itself looks at it. */
function validity(lifeMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(Date.now() - HOUR_MS), notAfter: new Date(Date.now() + lifeMs) };
}

function makeKeys() {
  return crypto.subtle.generateKey(CERTIFICATE_KEYS, true, ['sign', 'verify']);
}
