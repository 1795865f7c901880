import { z } from 'zod';
import { calendarDateSchema, documentKindSchema, instantSchema } from '../../contract/control-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { ruleIdSchema } from '../rules/rule-set.ts';
import { type ControlDatabase, storeDetail } from './database.ts';
import { type Identity, watchedDocument, watchedNames, watchedPerson } from './identity.ts';
import type { Register } from './register.ts';

const stateSchema = z.string().regex(/^[A-Z]{1,3}$/);
const numberSchema = z.string().regex(/^[A-Z0-9]{1,22}$/);
const daySchema = z.iso.date();
const nameSchema = z.string().min(1).max(128);
const wordSchema = z.enum(['refer', 'refuse']);

const endorsementSchema = z.strictObject({
  id: ruleIdSchema,
  /** Entries in all, or null for any number. */
  entries: z.int().min(1).max(10_000).nullable(),
  stayDays: z.int().min(1).max(3_650),
  validFrom: daySchema,
  validUntil: daySchema,
});

const holderSchema = z.strictObject({
  id: z.string().min(1).max(64),
  documents: z
    .array(z.strictObject({ kind: documentKindSchema, issuingState: stateSchema, number: numberSchema }))
    .min(1)
    .max(8),
  validUntil: daySchema.nullable(),
  consentGivenAt: instantSchema.nullable(),
  tallEnough: z.boolean().nullable(),
  endorsements: z.array(endorsementSchema).max(32),
});

const watchEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('document'),
    id: ruleIdSchema,
    issuingState: stateSchema,
    number: numberSchema,
    word: wordSchema,
  }),
  z.strictObject({
    kind: z.literal('person'),
    id: ruleIdSchema,
    name: nameSchema,
    birthDate: calendarDateSchema,
    word: wordSchema,
  }),
  // A name alone never refuses anybody: an officer looks.
  z.strictObject({
    kind: z.literal('name'),
    id: ruleIdSchema,
    name: nameSchema,
    birthYear: z.int().min(1900).max(2200).nullable(),
  }),
]);

/** What an administrator of one side loads. It is read in clear, kept as keyed hashes, and should be deleted afterwards. */
export const seedSchema = z.strictObject({
  schema: z.literal('jointgate-entitlements/1'),
  note: z.string().max(500).optional(),
  /** Added, or changed where the id is known. Entries already used stay used. */
  holders: z.array(holderSchema).max(100_000),
  /** The whole list: what is not in it is watched for no longer. Null leaves the list as it is. */
  watchlist: z.array(watchEntrySchema).max(100_000).nullable(),
});
export type Seed = z.infer<typeof seedSchema>;
type Holder = z.infer<typeof holderSchema>;
type WatchEntry = z.infer<typeof watchEntrySchema>;

export interface SeedReport {
  readonly holders: number;
  readonly watchlistEntries: number | null;
}

export type SeedError =
  | { readonly code: 'seedInvalid'; readonly problems: readonly string[] }
  | { readonly code: 'storeFailed'; readonly detail: string };

/** A movement through a staffed lane or another port, told by the side's own systems. */
export const movementSchema = z.strictObject({
  issuingState: stateSchema,
  number: numberSchema,
  place: z.enum(['inside', 'outside']),
  at: instantSchema,
  permittedUntil: daySchema.nullable(),
});
export type Movement = z.infer<typeof movementSchema>;

/** All of it or nothing. */
export function loadSeed(value: unknown, database: ControlDatabase, identity: Identity): Result<SeedReport, SeedError> {
  const read = seedSchema.safeParse(value);
  if (!read.success) return err(invalid(read.error.issues));
  try {
    return ok(database.transaction(() => write(read.data, database, identity)).immediate());
  } catch (cause) {
    return err({ code: 'storeFailed', detail: storeDetail(cause) });
  }
}

/** False when something newer is known already. */
export function recordMovement(value: unknown, register: Register, identity: Identity): Result<boolean, SeedError> {
  const read = movementSchema.safeParse(value);
  if (!read.success) return err(invalid(read.error.issues));
  const { issuingState, number, place, permittedUntil, at } = read.data;
  const digest = identity.document(issuingState, number);
  const sinceMs = Date.parse(at);
  try {
    const holder = register.holderOf(digest)?.holder ?? digest;
    if ((register.presence(holder)?.sinceMs ?? 0) > sinceMs) return ok(false);
    register.setPresence(holder, { place, sinceMs, permittedUntil, recordId: null });
    return ok(true);
  } catch (cause) {
    return err({ code: 'storeFailed', detail: storeDetail(cause) });
  }
}

/** Paths and kinds of fault only: a message could quote a name. */
function invalid(issues: readonly z.core.$ZodIssue[]): SeedError {
  return { code: 'seedInvalid', problems: issues.map(({ path, code }) => `${path.join('.')}: ${code}`) };
}

function write(seed: Seed, database: ControlDatabase, identity: Identity): SeedReport {
  const putHolder = holderWriter(database, identity);
  for (const holder of seed.holders) putHolder(holder);
  if (seed.watchlist === null) return { holders: seed.holders.length, watchlistEntries: null };
  database.exec('DELETE FROM watchlist');
  const insert = database.prepare(
    'INSERT OR REPLACE INTO watchlist (key_digest, entry, strength, word) VALUES (?, ?, ?, ?)',
  );
  for (const entry of seed.watchlist) {
    const word = entry.kind === 'name' ? 'refer' : entry.word;
    for (const digest of watchDigests(identity, entry)) insert.run(digest, entry.id, entry.kind, word);
  }
  return { holders: seed.holders.length, watchlistEntries: seed.watchlist.length };
}

function holderWriter(database: ControlDatabase, identity: Identity): (holder: Holder) => void {
  const putHolder = database.prepare(
    `INSERT INTO holders (holder, valid_until, consent_given_at, tall_enough) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET valid_until = excluded.valid_until, consent_given_at = excluded.consent_given_at,
       tall_enough = excluded.tall_enough`,
  );
  const dropDocuments = database.prepare('DELETE FROM documents WHERE holder = ?');
  const putDocument = database.prepare('INSERT OR REPLACE INTO documents (digest, holder) VALUES (?, ?)');
  const putEndorsement = database.prepare(
    `INSERT INTO endorsements (holder, id, entries, stay_days, valid_from, valid_until) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET entries = excluded.entries, stay_days = excluded.stay_days,
       valid_from = excluded.valid_from, valid_until = excluded.valid_until`,
  );
  return (holder) => {
    const key = identity.holder(holder.id);
    putHolder.run(
      key,
      holder.validUntil,
      holder.consentGivenAt,
      holder.tallEnough === null ? null : Number(holder.tallEnough),
    );
    dropDocuments.run(key);
    for (const { issuingState, number } of holder.documents)
      putDocument.run(identity.document(issuingState, number), key);
    for (const { id, entries, stayDays, validFrom, validUntil } of holder.endorsements) {
      putEndorsement.run(key, id, entries, stayDays, validFrom, validUntil);
    }
  };
}

function watchDigests(identity: Identity, entry: WatchEntry): readonly string[] {
  switch (entry.kind) {
    case 'document':
      return [watchedDocument(identity, entry.issuingState, entry.number)];
    case 'person':
      return [watchedPerson(identity, entry.name, entry.birthDate)];
    case 'name':
      return watchedNames(identity, entry);
  }
}
