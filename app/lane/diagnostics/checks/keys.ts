import { X509Certificate } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../../contract/diagnostics-checks.ts';
import { type Found, found } from './timed.ts';

const DAY_MS = 86_400_000;
/** A key that is older is due to be changed. */
const KEY_AGE_LIMIT_DAYS = 730;
/** A certificate that ends sooner is due to be renewed. */
const CERTIFICATE_NOTICE_DAYS = 30;

const KEY_FOLDERS = ['keys', 'exit', 'entry'] as const;
const NEEDED = ['keys/lane-signing.pem', 'keys/port-document.hex', 'keys/enrolment.hex'] as const;

/** Age in days and rights of every key file. Nothing of a key is read: who may read it is the question. */
export function checkKeys(dataFolder: string, nowMs: number): Found {
  const files = KEY_FOLDERS.flatMap((folder) => keyFiles(dataFolder, folder));
  const facts: Facts = Object.fromEntries(files.map(({ name, ageDays }) => [shortName(name), ageDays]));
  const missing = NEEDED.find((name) => !files.some((file) => file.name === name));
  if (missing !== undefined) return found('failed', 'keyMissing', { ...facts, file: missing });
  const exposed = files.find((file) => file.exposed);
  if (exposed !== undefined) return found('failed', 'keyFileExposed', { ...facts, file: exposed.name });
  const oldest = Math.max(...files.map(({ ageDays }) => ageDays));
  const summary = { ...facts, limitDays: KEY_AGE_LIMIT_DAYS };
  return oldest > KEY_AGE_LIMIT_DAYS ? found('warning', 'keyOld', summary) : found('passed', null, summary);

  function keyFiles(root: string, folder: string) {
    return listed(join(root, folder))
      .filter((name) => /\.(pem|hex)$/.test(name))
      .map((name) => {
        const stat = lstatSync(join(root, folder, name));
        const exposed = process.platform !== 'win32' && (!stat.isFile() || (stat.mode & 0o077) !== 0);
        return {
          name: `${folder}/${name}`,
          ageDays: Math.max(0, Math.floor((nowMs - stat.mtimeMs) / DAY_MS)),
          exposed,
        };
      });
  }
}

/** TLS certificates of the lane below `certificates/`; a lane whose controls are embedded has none. */
export function checkCertificates(dataFolder: string, nowMs: number): Found {
  const names = listed(join(dataFolder, 'certificates')).filter((name) => /\.(pem|crt|cer)$/.test(name));
  if (names.length === 0) return found('notFitted');
  const facts: Record<string, number | string> = {};
  let worst = Number.POSITIVE_INFINITY;
  for (const name of names) {
    try {
      const certificate = new X509Certificate(readFileSync(join(dataFolder, 'certificates', name)));
      const daysLeft = Math.floor((Date.parse(certificate.validTo) - nowMs) / DAY_MS);
      facts[shortName(name)] = daysLeft;
      worst = Math.min(worst, daysLeft);
    } catch {
      // Not a certificate: said by its name; OpenSSL's words help nobody here.
      return found('failed', 'certificateMalformed', { file: name.slice(0, 120) });
    }
  }
  if (worst < 0) return found('failed', 'certificateExpired', facts);
  return worst < CERTIFICATE_NOTICE_DAYS
    ? found('warning', 'certificateEndsSoon', facts)
    : found('passed', null, facts);
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // Not there: the caller says what that means.
    return [];
  }
}

function shortName(name: string): string {
  return name.slice(-40);
}
