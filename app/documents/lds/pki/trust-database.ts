import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { err, ok, type Result } from '../../../contract/result.ts';
import { digest } from '../crypto/digest.ts';
import { type Certificate, fingerprint, readCertificate } from './certificate.ts';
import { type RevocationList, readRevocationList } from './revocation-list.ts';
import { type ImportReport, importTrust } from './trust-sources.ts';
import { type TrustCounts, TrustStore } from './trust-store.ts';

export interface TrustDatabaseError {
  readonly code: 'trustDatabaseNewer' | 'trustDatabaseUnreadable' | 'trustDatabaseDamaged';
  readonly detail: string;
}

/** For diagnostics and the readiness report. Times are milliseconds since 1970. */
export interface TrustAge extends TrustCounts {
  readonly lastImportMs: number | null;
  readonly imports: number;
  /** Earliest end of validity among the authorities that are still valid. */
  readonly nextAuthorityExpiryMs: number | null;
  readonly expiredAuthorities: number;
  /** Newest `nextUpdate` of all revocation lists; null without any. */
  readonly revocationFreshUntilMs: number | null;
}

const VERSION = 1;
const SCHEMA = `
  CREATE TABLE certificate (fingerprint BLOB PRIMARY KEY, der BLOB NOT NULL, import INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE revocation_list (fingerprint BLOB PRIMARY KEY, der BLOB NOT NULL, import INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE import (
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, source TEXT NOT NULL, sha256 BLOB NOT NULL, kind TEXT NOT NULL,
    certificates INTEGER NOT NULL, revocation_lists INTEGER NOT NULL, problems TEXT NOT NULL
  ) STRICT;
`;
const derRows = z.array(z.object({ der: z.instanceof(Uint8Array) }));
const lastImportRow = z.object({ lastImportMs: z.number().nullable(), imports: z.number() });

/**
 * The trust store on disk: what was imported, from where and when. Only the certificates themselves are kept; names and key
 * identifiers are read from them again at start, so that an index can never disagree with what was signed.
 */
export class TrustDatabase {
  readonly #db: Database.Database;
  readonly #store: TrustStore;

  private constructor(db: Database.Database, store: TrustStore) {
    this.#db = db;
    this.#store = store;
  }

  /** Opens or creates the file and reads all of it. Refuses a file that a newer version wrote. */
  static open(path: string): Result<TrustDatabase, TrustDatabaseError> {
    try {
      mkdirSync(dirname(path), { recursive: true });
      const db = new Database(path);
      const version = db.pragma('user_version', { simple: true });
      if (typeof version !== 'number' || version > VERSION) {
        db.close();
        return err({ code: 'trustDatabaseNewer', detail: `version ${String(version)}, known ${VERSION}` });
      }
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      if (version === 0) {
        db.transaction(() => {
          db.exec(SCHEMA);
          db.pragma(`user_version = ${VERSION}`);
        })();
      }
      const store = load(db);
      if (store) return ok(new TrustDatabase(db, store));
      db.close();
      return err({ code: 'trustDatabaseDamaged', detail: path });
    } catch (error) {
      // SQLite names what is wrong with the file: not a database, no right to it, disk full.
      const code = error instanceof Database.SqliteError ? error.code : 'unknown';
      return err({ code: 'trustDatabaseUnreadable', detail: code });
    }
  }

  get store(): TrustStore {
    return this.#store;
  }

  /** Imports one source's bytes: all of it is on disk when this returns, or none. `source` is shown to technicians. */
  import(bytes: Uint8Array, source: string, atMs: number): ImportReport {
    // Read apart first: a source that brings nothing must leave nothing behind.
    const incoming = new TrustStore();
    const report = importTrust(incoming, bytes);
    const certificates = [...incoming.authorities(), ...incoming.documentSigners()];
    const added = certificates.filter((certificate) => !this.#has(certificate));
    this.#db.transaction(() => this.#write(bytes, source, atMs, report, added, incoming.revocationLists()))();
    for (const certificate of added) this.#store.add(certificate);
    for (const list of incoming.revocationLists()) this.#store.addRevocationList(list);
    return {
      ...report,
      certificates: added.length,
      duplicates: report.duplicates + report.certificates - added.length,
    };
  }

  age(now: Date): TrustAge {
    const row = lastImportRow.parse(
      this.#db.prepare('SELECT max(at_ms) AS lastImportMs, count(*) AS imports FROM import').get(),
    );
    const authorities = this.#store.authorities();
    const valid = authorities.filter(({ notAfter }) => notAfter >= now).map(({ notAfter }) => notAfter.getTime());
    const updates = this.#store
      .revocationLists()
      .flatMap(({ nextUpdate }) => (nextUpdate ? [nextUpdate.getTime()] : []));
    return {
      ...this.#store.counts(),
      ...row,
      nextAuthorityExpiryMs: valid.length > 0 ? Math.min(...valid) : null,
      expiredAuthorities: authorities.length - valid.length,
      revocationFreshUntilMs: updates.length > 0 ? Math.max(...updates) : null,
    };
  }

  close(): void {
    this.#db.close();
  }

  #has(certificate: Certificate): boolean {
    const id = Buffer.from(fingerprint(certificate), 'hex');
    return this.#db.prepare('SELECT 1 FROM certificate WHERE fingerprint = ?').get(id) !== undefined;
  }

  #write(
    bytes: Uint8Array,
    source: string,
    atMs: number,
    report: ImportReport,
    certificates: readonly Certificate[],
    lists: readonly RevocationList[],
  ): void {
    const { lastInsertRowid } = this.#db
      .prepare(
        'INSERT INTO import (at_ms, source, sha256, kind, certificates, revocation_lists, problems) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        atMs,
        source,
        Buffer.from(digest('SHA-256', bytes)),
        report.kind,
        certificates.length,
        lists.length,
        report.problems.join(' '),
      );
    const certificate = this.#db.prepare('INSERT OR IGNORE INTO certificate VALUES (?, ?, ?)');
    for (const one of certificates)
      certificate.run(Buffer.from(fingerprint(one), 'hex'), Buffer.from(one.der), lastInsertRowid);
    const list = this.#db.prepare('INSERT OR IGNORE INTO revocation_list VALUES (?, ?, ?)');
    for (const one of lists) list.run(Buffer.from(digest('SHA-256', one.der)), Buffer.from(one.der), lastInsertRowid);
  }
}

/** Null where a row is no certificate or list any more: a damaged file must not shrink the trust in silence. */
function load(db: Database.Database): TrustStore | null {
  const store = new TrustStore();
  for (const { der } of derRows.parse(db.prepare('SELECT der FROM certificate').all())) {
    const certificate = readCertificate(new Uint8Array(der));
    if (!certificate.ok) return null;
    store.add(certificate.value);
  }
  for (const { der } of derRows.parse(db.prepare('SELECT der FROM revocation_list').all())) {
    const list = readRevocationList(new Uint8Array(der));
    if (!list.ok) return null;
    store.addRevocationList(list.value);
  }
  return store;
}
