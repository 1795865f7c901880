/** For tests: an authority and certificates made at run time, so that no key lies in the repository. */
import 'reflect-metadata';
import { X509Certificate as NodeCertificate } from 'node:crypto';
import { ExtendedKeyUsage } from '@peculiar/x509';
import { createAuthority, type Issued, issueCertificate } from './issue-certificate.ts';

export interface TestCertificate extends Issued {
  /** SHA-256 of the certificate as TLS libraries write it, `AB:CD:..`. */
  readonly fingerprint: string;
}

export interface TestAuthority {
  readonly cert: string;
  server(): Promise<TestCertificate>;
  client(name: string): Promise<TestCertificate>;
}

const LIFE_MS = 3_600_000;

export async function createTestAuthority(name = 'test authority'): Promise<TestAuthority> {
  const authority = await createAuthority(name, LIFE_MS);
  const issue = async (subject: string, usage: ExtendedKeyUsage): Promise<TestCertificate> => {
    const issued = await issueCertificate(authority, subject, usage);
    return { ...issued, fingerprint: new NodeCertificate(issued.cert).fingerprint256 };
  };
  return {
    cert: authority.certificate.toString('pem'),
    server: () => issue('localhost', ExtendedKeyUsage.serverAuth),
    client: (client) => issue(client, ExtendedKeyUsage.clientAuth),
  };
}
