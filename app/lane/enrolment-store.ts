import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { hexDigestSchema, instantSchema, type SideDocument, sideDocumentSchema } from '../contract/control-protocol.ts';
import type { Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { keyedHashHex } from '../crypto/digest.ts';

export const MAX_PORTRAIT_BYTES = 1_000_000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a traveller enrolled: one document for each side, the consent to the two-sided comparison, and the portrait. */
export const profileSchema = z.strictObject({
  profileId: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  documents: z.strictObject({ exit: sideDocumentSchema, entry: sideDocumentSchema }),
  consentGivenAt: instantSchema.nullable(),
});
export type Profile = z.infer<typeof profileSchema>;

/** Profiles from one lane to others: sealed under the port's enrolment key, so that whoever passes them on can read nothing. */
export const sealedProfilesSchema = z.strictObject({
  format: z.literal('jointgate-sealed-profiles/1'),
  profiles: z.array(z.strictObject({ profileDigest: hexDigestSchema, sealed: z.base64().max(1_000_000) })).max(1_000),
  /** No longer enrolled. */
  withdrawn: z.array(hexDigestSchema).max(10_000),
});
export type SealedProfiles = z.infer<typeof sealedProfilesSchema>;

export interface EnrolledTraveller {
  readonly profile: Profile;
  /** JPEG or PNG as enrolled. */
  readonly portrait: Uint8Array;
  readonly profileDigest: string;
  readonly documentDigests: Readonly<Record<Side, string>>;
}

export type EnrolmentError =
  | { readonly code: 'notEnrolled' }
  | { readonly code: 'storeFailed'; readonly detail: string };

/**
 * What is sealed, cut into the port's documents by the first two digits of the profile's digest: each has a size a lane takes,
 * and whoever enrols or withdraws changes one of them alone. Names are those the hub keeps them under.
 */
export function profileDocuments(sealed: SealedProfiles): ReadonlyMap<string, SealedProfiles> {
  const documents = new Map<string, { profiles: SealedProfiles['profiles']; withdrawn: string[] }>();
  const of = (digest: string) => {
    const name = `enrolled-${digest.slice(0, 2)}.json`;
    const known = documents.get(name) ?? { profiles: [], withdrawn: [] };
    documents.set(name, known);
    return known;
  };
  for (const profile of sealed.profiles) of(profile.profileDigest).profiles.push(profile);
  for (const digest of sealed.withdrawn) of(digest).withdrawn.push(digest);
  return new Map([...documents].map(([name, part]) => [name, { format: sealed.format, ...part }]));
}

/** Where it lies in a lane's data folder. */
export const enrolmentFile = (dataFolder: string): string => join(dataFolder, 'enrolment.sqlite');

/** Keyed hash of a document: the only form in which its number leaves the lane's memory. */
export function documentDigest(portKey: Uint8Array, document: Pick<SideDocument, 'issuingState' | 'number'>): string {
  return keyedHashHex(portKey, 'document', [document.issuingState, document.number]);
}

/**
 * Enrolled travellers of a lane in one SQLite file. Rows are sealed with AES-256-GCM under the lane's enrolment key and found
 * by keyed document digest, so the file by itself names nobody. One indexed read of some 50 KB takes well under a
 * millisecond, hence no worker (docs/decisions/0005-enrolment-in-process.md).
 */
export class EnrolmentStore {
  readonly #database: Database.Database;
  readonly #key: Uint8Array;
  readonly #portKey: Uint8Array;

  private constructor(database: Database.Database, key: Uint8Array, portKey: Uint8Array) {
    this.#database = database;
    this.#key = key;
    this.#portKey = portKey;
  }

  /** `key` and `portKey`: 32 bytes each. */
  static open(path: string, key: Uint8Array, portKey: Uint8Array): Result<EnrolmentStore, EnrolmentError> {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const database = new Database(path, { timeout: 2_000 });
      chmodSync(path, 0o600);
      database.pragma('journal_mode = WAL');
      database.pragma('secure_delete = ON');
      database.exec(`
        CREATE TABLE IF NOT EXISTS profile (profile_digest TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS document (digest TEXT PRIMARY KEY, profile_digest TEXT NOT NULL REFERENCES profile) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS withdrawn (profile_digest TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
      `);
      return ok(new EnrolmentStore(database, key, portKey));
    } catch (cause) {
      return err(failure(cause));
    }
  }

  /** Adds or replaces a profile. */
  enrol(profile: Profile, portrait: Uint8Array): Result<void, EnrolmentError> {
    if (portrait.byteLength > MAX_PORTRAIT_BYTES)
      return err({ code: 'storeFailed', detail: 'portrait larger than 1 MB' });
    const profileDigest = keyedHashHex(this.#portKey, 'profile', [profile.profileId]);
    try {
      this.#database.transaction(() =>
        this.#write(profileDigest, profile, this.#seal(profileDigest, profile, portrait)),
      )();
      return ok();
    } catch (cause) {
      return err(failure(cause));
    }
  }

  /** Whoever does not want to be enrolled any more; the port's other lanes learn it with what is sealed next. */
  withdraw(profileId: string): Result<void, EnrolmentError> {
    const digest = keyedHashHex(this.#portKey, 'profile', [profileId]);
    try {
      const known = this.#database.transaction(() => {
        if (!this.#remove(digest)) return false;
        this.#database.prepare('INSERT OR IGNORE INTO withdrawn VALUES (?)').run(digest);
        return true;
      })();
      return known ? ok() : err({ code: 'notEnrolled' });
    } catch (cause) {
      return err(failure(cause));
    }
  }

  /** Every profile here, sealed, for the port's other lanes: they have the same two keys. */
  sealed(): Result<SealedProfiles, EnrolmentError> {
    try {
      const rows = this.#database
        .prepare<[], { profile_digest: string; sealed: Buffer }>('SELECT * FROM profile ORDER BY profile_digest')
        .all();
      const profiles = rows.map(({ profile_digest: profileDigest, sealed }) => ({
        profileDigest,
        sealed: sealed.toString('base64'),
      }));
      const withdrawn = this.#database
        .prepare<[], string>('SELECT profile_digest FROM withdrawn ORDER BY profile_digest')
        .pluck()
        .all();
      return ok({ format: 'jointgate-sealed-profiles/1', profiles, withdrawn });
    } catch (cause) {
      return err(failure(cause));
    }
  }

  /** Takes profiles another lane has sealed: all of them, or none when one is not sealed under this port's keys. */
  takeSealed({ profiles, withdrawn }: SealedProfiles): Result<void, EnrolmentError | { readonly code: 'otherKey' }> {
    const opened: { digest: string; profile: Profile; sealed: Buffer }[] = [];
    try {
      for (const { profileDigest: digest, sealed } of profiles) {
        const bytes = Buffer.from(sealed, 'base64');
        const { profile } = this.#open(digest, bytes);
        if (keyedHashHex(this.#portKey, 'profile', [profile.profileId]) !== digest) return err({ code: 'otherKey' });
        opened.push({ digest, profile, sealed: bytes });
      }
    } catch {
      // Sealed under another key, cut off, or altered.
      return err({ code: 'otherKey' });
    }
    try {
      this.#database.transaction(() => {
        for (const { digest, profile, sealed } of opened) this.#write(digest, profile, sealed);
        for (const digest of withdrawn) this.#remove(digest);
      })();
      return ok();
    } catch (cause) {
      return err(failure(cause));
    }
  }

  /** Any one of a profile's documents resolves to it. */
  find(presentedDigest: string): Result<EnrolledTraveller, EnrolmentError> {
    try {
      const row = this.#database
        .prepare<[string], { profile_digest: string; sealed: Buffer }>(
          'SELECT profile_digest, sealed FROM document JOIN profile USING (profile_digest) WHERE digest = ?',
        )
        .get(presentedDigest);
      if (row === undefined) return err({ code: 'notEnrolled' });
      const { profile, portrait } = this.#open(row.profile_digest, row.sealed);
      return ok({
        profile,
        portrait,
        profileDigest: row.profile_digest,
        documentDigests: {
          exit: documentDigest(this.#portKey, profile.documents.exit),
          entry: documentDigest(this.#portKey, profile.documents.entry),
        },
      });
    } catch (cause) {
      return err(failure(cause));
    }
  }

  count(): number {
    return this.#database.prepare<[], { n: number }>('SELECT count(*) AS n FROM profile').get()?.n ?? 0;
  }

  close(): void {
    this.#database.close();
  }

  #remove(digest: string): boolean {
    this.#database.prepare('DELETE FROM document WHERE profile_digest = ?').run(digest);
    return this.#database.prepare('DELETE FROM profile WHERE profile_digest = ?').run(digest).changes > 0;
  }

  #write(digest: string, profile: Profile, sealed: Buffer): void {
    this.#database
      .prepare('INSERT INTO profile VALUES (?, ?) ON CONFLICT DO UPDATE SET sealed = excluded.sealed')
      .run(digest, sealed);
    this.#database.prepare('DELETE FROM withdrawn WHERE profile_digest = ?').run(digest);
    this.#database.prepare('DELETE FROM document WHERE profile_digest = ?').run(digest);
    const insert = this.#database.prepare('INSERT OR REPLACE INTO document VALUES (?, ?)');
    for (const document of Object.values(profile.documents))
      insert.run(documentDigest(this.#portKey, document), digest);
  }

  /** nonce, ciphertext of (length of JSON, JSON, portrait), tag; the digest is bound in, so rows can't be swapped. */
  #seal(digest: string, profile: Profile, portrait: Uint8Array): Buffer {
    const json = Buffer.from(JSON.stringify(profile));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.byteLength);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(digest));
    return Buffer.concat([
      nonce,
      cipher.update(Buffer.concat([length, json, portrait])),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  #open(digest: string, sealed: Buffer): { profile: Profile; portrait: Uint8Array } {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(digest))
      .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plain = Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
      decipher.final(),
    ]);
    const end = 4 + plain.readUInt32BE(0);
    return {
      profile: profileSchema.parse(JSON.parse(plain.subarray(4, end).toString())),
      portrait: new Uint8Array(plain.subarray(end)),
    };
  }
}

function failure(cause: unknown): EnrolmentError {
  return { code: 'storeFailed', detail: cause instanceof Error ? cause.message : String(cause) };
}
