/** For tests: an authority and certificates made at run time, so that no key lies in the repository. */
import 'reflect-metadata';
import { X509Certificate as NodeCertificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate as TLS libraries write it, `AB:CD:..`. */
  readonly fingerprint: string;
}

export interface TestAuthority {
  readonly cert: string;
  server(): Promise<TestCertificate>;
  client(name: string): Promise<TestCertificate>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;
type KeyPair = Awaited<ReturnType<typeof makeKeys>>;

/** Real time, not a fake clock's: TLS itself looks at it. */
const validity = () => ({ notBefore: new Date(Date.now() - HOUR_MS), notAfter: new Date(Date.now() + HOUR_MS) });

export async function createTestAuthority(name = 'test authority'): Promise<TestAuthority> {
  cryptoProvider.set(crypto);
  const keys = await makeKeys();
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const issue = issuer(authority, keys);
  return {
    cert: authority.toString('pem'),
    server: () => issue('localhost', ExtendedKeyUsage.serverAuth),
    client: (client) => issue(client, ExtendedKeyUsage.clientAuth),
  };
}

function issuer(authority: X509Certificate, authorityKeys: KeyPair) {
  let serial = 1;
  return async (name: string, usage: ExtendedKeyUsage): Promise<TestCertificate> => {
    serial += 1;
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial.toString(16).padStart(2, '0'),
      subject: `CN=${name}`,
      issuer: authority.subject,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      extensions: [
        new ExtendedKeyUsageExtension([usage]),
        new SubjectAlternativeNameExtension([
          { type: 'dns', value: name },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    });
    const cert = certificate.toString('pem');
    const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
    return { cert, key, fingerprint: new NodeCertificate(cert).fingerprint256 };
  };
}

function makeKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
