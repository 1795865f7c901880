import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { instantSchema, type SideDocument, sideDocumentSchema } from '../contract/control-protocol.ts';
import type { Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { keyedHashHex } from '../crypto/digest.ts';

const MAX_PORTRAIT_BYTES = 1_000_000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a traveller enrolled: one document for each side, the consent to the two-sided comparison, and the portrait. */
export const profileSchema = z.strictObject({
  profileId: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  documents: z.strictObject({ exit: sideDocumentSchema, entry: sideDocumentSchema }),
  consentGivenAt: instantSchema.nullable(),
});
export type Profile = z.infer<typeof profileSchema>;

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
      this.#database.transaction(() => {
        this.#database
          .prepare('INSERT INTO profile VALUES (?, ?) ON CONFLICT DO UPDATE SET sealed = excluded.sealed')
          .run(profileDigest, this.#seal(profileDigest, profile, portrait));
        this.#database.prepare('DELETE FROM document WHERE profile_digest = ?').run(profileDigest);
        const insert = this.#database.prepare('INSERT OR REPLACE INTO document VALUES (?, ?)');
        for (const document of Object.values(profile.documents))
          insert.run(documentDigest(this.#portKey, document), profileDigest);
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
