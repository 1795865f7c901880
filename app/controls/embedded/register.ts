import type { Endorsement, Enrolment, Place, Presence, WatchlistHit, WatchStrength } from '../rules/facts.ts';
import type { ControlDatabase } from './database.ts';

interface HolderRow {
  readonly holder: string;
  readonly valid_until: string | null;
  readonly consent_given_at: string | null;
  readonly tall_enough: number | null;
}

interface EndorsementRow {
  readonly id: string;
  readonly entries: number | null;
  readonly used: number;
  readonly stay_days: number;
  readonly valid_from: string;
  readonly valid_until: string;
}

interface PresenceRow {
  readonly place: Place;
  readonly since_ms: number;
  readonly permitted_until: string | null;
  readonly record_id: string | null;
}

interface WatchRow {
  readonly entry: string;
  readonly strength: WatchStrength;
  readonly word: 'refer' | 'refuse';
}

export interface KnownHolder {
  readonly holder: string;
  readonly enrolment: Enrolment;
}

/** Who set a presence: a crossing of ours, or a movement told from elsewhere (null). */
export interface KnownPresence extends Presence {
  readonly recordId: string | null;
}

/** What the side knows before a traveller comes: holders, endorsements, where they are, whom it watches for. */
export interface Register {
  holderOf(documentDigest: string): KnownHolder | null;
  endorsements(holder: string): readonly Endorsement[];
  /** +1 uses an entry up, -1 gives it back. */
  countEndorsement(holder: string, id: string, by: 1 | -1): void;
  quotaUsed(quota: string, day: string, holder: string): number;
  countQuota(quota: string, day: string, holder: string, by: 1 | -1): void;
  presence(holder: string): KnownPresence | null;
  setPresence(holder: string, presence: KnownPresence | null): void;
  watchlistHits(keyDigests: readonly string[]): readonly WatchlistHit[];
}

export function createRegister(database: ControlDatabase): Register {
  const holder = database.prepare<[string], HolderRow>(
    'SELECT h.* FROM documents d JOIN holders h USING (holder) WHERE d.digest = ?',
  );
  const endorsements = database.prepare<[string], EndorsementRow>('SELECT * FROM endorsements WHERE holder = ?');
  const countEndorsement = database.prepare(
    'UPDATE endorsements SET used = max(0, used + ?) WHERE holder = ? AND id = ?',
  );
  const quota = database
    .prepare<[string, string, string], number>('SELECT used FROM quota_use WHERE quota = ? AND day = ? AND holder = ?')
    .pluck();
  const countQuota = database.prepare(
    `INSERT INTO quota_use (quota, day, holder, used) VALUES (?, ?, ?, max(0, ?))
     ON CONFLICT DO UPDATE SET used = max(0, used + excluded.used)`,
  );
  const uncountQuota = database.prepare(
    'UPDATE quota_use SET used = max(0, used - 1) WHERE quota = ? AND day = ? AND holder = ?',
  );
  const presence = database.prepare<[string], PresenceRow>('SELECT * FROM presence WHERE holder = ?');
  const setPresence = database.prepare(
    'INSERT OR REPLACE INTO presence (holder, place, since_ms, permitted_until, record_id) VALUES (?, ?, ?, ?, ?)',
  );
  const forgetPresence = database.prepare('DELETE FROM presence WHERE holder = ?');
  const watch = database.prepare<[string], WatchRow>(
    'SELECT entry, strength, word FROM watchlist WHERE key_digest IN (SELECT value FROM json_each(?))',
  );

  return {
    holderOf(documentDigest) {
      const row = holder.get(documentDigest);
      return row === undefined ? null : { holder: row.holder, enrolment: toEnrolment(row) };
    },
    endorsements: (of) => endorsements.all(of).map(toEndorsement),
    countEndorsement: (of, id, by) => void countEndorsement.run(by, of, id),
    quotaUsed: (id, day, of) => quota.get(id, day, of) ?? 0,
    countQuota(id, day, of, by) {
      if (by === 1) countQuota.run(id, day, of, by);
      else uncountQuota.run(id, day, of);
    },
    presence(of) {
      const row = presence.get(of);
      return row === undefined ? null : toPresence(row);
    },
    setPresence(of, to) {
      if (to === null) forgetPresence.run(of);
      else setPresence.run(of, to.place, to.sinceMs, to.permittedUntil, to.recordId);
    },
    watchlistHits(keyDigests) {
      const hits = watch.all(JSON.stringify(keyDigests));
      // An entry may be hit through several keys of the name; it is one entry all the same.
      const byEntry = new Map(hits.map((hit) => [`${hit.entry} ${hit.strength}`, hit]));
      return [...byEntry.values()].map(({ entry, strength, word }) => ({ entryId: entry, strength, word }));
    },
  };
}

function toEnrolment(row: HolderRow): Enrolment {
  return {
    validUntil: row.valid_until,
    consentGivenAt: row.consent_given_at,
    tallEnough: row.tall_enough === null ? null : row.tall_enough === 1,
  };
}

function toEndorsement(row: EndorsementRow): Endorsement {
  return {
    id: row.id,
    remaining: row.entries === null ? null : Math.max(0, row.entries - row.used),
    stayDays: row.stay_days,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
  };
}

function toPresence(row: PresenceRow): KnownPresence {
  return {
    place: row.place,
    sinceMs: row.since_ms,
    permittedUntil: row.permitted_until,
    recordId: row.record_id,
  };
}
