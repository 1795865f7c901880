import 'reflect-metadata';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Files of a development port: `authority.pem`, `hub.pem`, `hub-key.pem`, and `LANE.pem`, `LANE-key.pem` for each lane. */
export interface DevCertificates {
  readonly authority: string;
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const YEAR_MS = 365 * 86_400_000;
type KeyPair = Awaited<ReturnType<typeof makeKeys>>;

/**
 * Makes what is missing in `folder`, for development only: the authority's key lies beside the certificates. In the field the
 * port's own authority issues them.
 */
export async function makeDevCertificates(folder: string, lanes: readonly string[]): Promise<DevCertificates> {
  cryptoProvider.set(crypto);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authority = await authorityIn(folder);
  const issue = async (file: string, name: string, usage: ExtendedKeyUsage): Promise<void> => {
    if (existsSync(join(folder, `${file}.pem`))) return;
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex'),
      subject: `CN=${name}`,
      issuer: authority.certificate.subject,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: authority.keys.privateKey,
      extensions: [
        new ExtendedKeyUsageExtension([usage]),
        new SubjectAlternativeNameExtension([
          { type: 'dns', value: name },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    });
    save(folder, `${file}-key.pem`, await pemOf(keys));
    save(folder, `${file}.pem`, certificate.toString('pem'));
  };
  await issue('hub', 'localhost', ExtendedKeyUsage.serverAuth);
  for (const lane of lanes) await issue(lane, lane, ExtendedKeyUsage.clientAuth);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return { authority: read('authority.pem'), cert: read('hub.pem'), key: read('hub-key.pem') };
}

async function authorityIn(folder: string): Promise<{ readonly certificate: X509Certificate; readonly keys: KeyPair }> {
  if (existsSync(join(folder, 'authority.pem'))) {
    const certificate = new X509Certificate(readFileSync(join(folder, 'authority.pem'), 'utf8'));
    const [der] = PemConverter.decode(readFileSync(join(folder, 'authority-key.pem'), 'utf8'));
    if (der === undefined) throw new Error('authority-key.pem holds no key');
    const privateKey = await crypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
    return { certificate, keys: { privateKey, publicKey: await certificate.publicKey.export() } };
  }
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Jointgate development authority',
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  save(folder, 'authority-key.pem', await pemOf(keys));
  save(folder, 'authority.pem', certificate.toString('pem'));
  return { certificate, keys };
}

const validity = () => ({ notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + YEAR_MS) });

async function pemOf({ privateKey }: KeyPair): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
}

function makeKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function save(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
