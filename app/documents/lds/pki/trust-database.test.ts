import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seededRandom } from '../../../../native-bridge/simulators/emrtd/specimen.ts';
import { TestIssuer } from '../../../../native-bridge/simulators/emrtd/test-issuer.ts';
import { unwrap } from '../../../contract/result.ts';
import { readCertificate } from './certificate.ts';
import { buildChain } from './chain.ts';
import { TrustDatabase } from './trust-database.ts';

const AT = new Date('2026-06-01T12:00:00Z');
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
  path = join(folder, 'trust.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

const issuer = (country: string) => new TestIssuer({ country, random: seededRandom(country), at: AT });

test('what is imported is there after a restart, counted and dated', () => {
  const [one, two] = [issuer('UT'), issuer('FR')];
  const first = unwrap(TrustDatabase.open(path));
  expect(first.age(AT)).toMatchObject({ authorities: 0, imports: 0, lastImportMs: null, nextAuthorityExpiryMs: null });
  expect(first.import(one.masterList([one.authority, two.authority]), 'list.ml', 1000)).toMatchObject({
    certificates: 2,
  });
  expect(first.import(one.revocationList(false), 'ut.crl', 2000)).toMatchObject({ revocationLists: 1 });
  expect(first.import(one.authority, 'again.cer', 3000)).toMatchObject({ certificates: 0, duplicates: 1 });
  first.close();

  const second = unwrap(TrustDatabase.open(path));
  const age = second.age(AT);
  expect(age).toMatchObject({
    authorities: 2,
    countries: 2,
    revocationLists: 1,
    imports: 3,
    lastImportMs: 3000,
    expiredAuthorities: 0,
  });
  expect(age.nextAuthorityExpiryMs).toBeGreaterThan(AT.getTime());
  expect(age.revocationFreshUntilMs).toBeGreaterThan(AT.getTime());
  const signer = unwrap(readCertificate(two.signer.certificate));
  expect(buildChain(signer, second.store).ok).toBe(true);
  second.close();
});

test('a file of a newer version, a damaged row and a file that is none are refused in words', () => {
  const made = unwrap(TrustDatabase.open(path));
  made.import(issuer('UT').authority, 'ut.cer', 1);
  made.close();
  const raw = new Database(path);
  raw.exec("UPDATE certificate SET der = x'3000'");
  raw.close();
  expect(TrustDatabase.open(path)).toMatchObject({ ok: false, error: { code: 'trustDatabaseDamaged' } });
  const newer = new Database(path);
  newer.pragma('user_version = 99');
  newer.close();
  expect(TrustDatabase.open(path)).toMatchObject({ error: { code: 'trustDatabaseNewer' } });
  const other = join(folder, 'other.sqlite');
  writeFileSync(other, 'this is no database, whatever its name says, and long enough to be looked at');
  expect(TrustDatabase.open(other)).toMatchObject({
    error: { code: 'trustDatabaseUnreadable', detail: 'SQLITE_NOTADB' },
  });
});
