import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unwrap } from '../contract/result.ts';
import { documentDigest, EnrolmentStore, type Profile } from './enrolment-store.ts';

const key = new Uint8Array(32).fill(7);
const portKey = new Uint8Array(32).fill(9);
const profile: Profile = {
  profileId: 'specimen-1',
  documents: {
    exit: {
      kind: 'exitEntryPermit',
      issuingState: 'CHN',
      number: 'C00000000',
      nationality: 'CHN',
      birthDate: '1981-08-03',
      expiryDate: '2034-08-20',
      sex: 'F',
      name: 'ZHENGJIAN YANGBEN',
    },
    entry: {
      kind: 'passport',
      issuingState: 'UTO',
      number: 'L898902C3',
      nationality: 'UTO',
      birthDate: '1981-08-03',
      expiryDate: '2034-08-20',
      sex: 'F',
      name: 'ZHENGJIAN YANGBEN',
    },
  },
  consentGivenAt: '2026-01-01T00:00:00.000Z',
};
const portrait = new TextEncoder().encode('SPECIMEN-PORTRAIT-BYTES');

test('either document of a profile resolves to it, and the file names nobody', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-enrolment-'));
  const path = join(folder, 'enrolment.sqlite');
  const store = unwrap(EnrolmentStore.open(path, key, portKey));
  unwrap(store.enrol(profile, portrait));
  for (const side of ['exit', 'entry'] as const) {
    const found = unwrap(store.find(documentDigest(portKey, profile.documents[side])));
    expect(found.profile).toEqual(profile);
    expect(Buffer.from(found.portrait).toString()).toBe('SPECIMEN-PORTRAIT-BYTES');
  }
  expect(store.find(documentDigest(portKey, { issuingState: 'CHN', number: 'C00000001' }))).toEqual({
    ok: false,
    error: { code: 'notEnrolled' },
  });
  store.close();
  const bytes = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
  for (const secret of ['C00000000', 'L898902C3', 'ZHENGJIAN', 'SPECIMEN-PORTRAIT'])
    expect(bytes.includes(secret)).toBe(false);
  expect(statSync(path).mode & 0o077).toBe(0);
});

test('a row sealed under another key, or moved to another profile, is a failure and not a traveller', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'jointgate-enrolment-')), 'enrolment.sqlite');
  const store = unwrap(EnrolmentStore.open(path, key, portKey));
  unwrap(store.enrol(profile, portrait));
  store.close();
  const stranger = unwrap(EnrolmentStore.open(path, new Uint8Array(32).fill(8), portKey));
  expect(stranger.find(documentDigest(portKey, profile.documents.exit))).toMatchObject({
    ok: false,
    error: { code: 'storeFailed' },
  });
  stranger.close();
});
