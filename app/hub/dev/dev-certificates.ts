import 'reflect-metadata';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExtendedKeyUsage, PemConverter, X509Certificate } from '@peculiar/x509';
import {
  type Authority,
  CERTIFICATE_KEYS,
  createAuthority,
  issueCertificate,
  keyPem,
} from '../../controls/issue-certificate.ts';

/** Files of a development port: `authority.pem`, `hub.pem`, `hub-key.pem`, and `LANE.pem`, `LANE-key.pem` for each lane. */
export interface DevCertificates {
  readonly authority: string;
  readonly cert: string;
  readonly key: string;
}

const YEAR_MS = 365 * 86_400_000;

/**
 * Makes what is missing in `folder`, for development only: the authority's key lies beside the certificates. In the field the
 * port's own authority issues them.
 */
export async function makeDevCertificates(folder: string, lanes: readonly string[]): Promise<DevCertificates> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authority = await authorityIn(folder);
  const issue = async (file: string, name: string, usage: ExtendedKeyUsage): Promise<void> => {
    if (existsSync(join(folder, `${file}.pem`))) return;
    const { cert, key } = await issueCertificate(authority, name, usage);
    save(folder, `${file}-key.pem`, key);
    save(folder, `${file}.pem`, cert);
  };
  await issue('hub', 'localhost', ExtendedKeyUsage.serverAuth);
  for (const lane of lanes) await issue(lane, lane, ExtendedKeyUsage.clientAuth);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return { authority: read('authority.pem'), cert: read('hub.pem'), key: read('hub-key.pem') };
}

async function authorityIn(folder: string): Promise<Authority> {
  if (existsSync(join(folder, 'authority.pem'))) {
    const certificate = new X509Certificate(readFileSync(join(folder, 'authority.pem'), 'utf8'));
    const [der] = PemConverter.decode(readFileSync(join(folder, 'authority-key.pem'), 'utf8'));
    if (der === undefined) throw new Error('authority-key.pem holds no key');
    const privateKey = await crypto.subtle.importKey('pkcs8', der, CERTIFICATE_KEYS, true, ['sign']);
    return { certificate, keys: { privateKey, publicKey: await certificate.publicKey.export() }, lifeMs: YEAR_MS };
  }
  const authority = await createAuthority('Jointgate development authority', YEAR_MS);
  save(folder, 'authority-key.pem', await keyPem(authority.keys.privateKey));
  save(folder, 'authority.pem', authority.certificate.toString('pem'));
  return authority;
}

function save(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
