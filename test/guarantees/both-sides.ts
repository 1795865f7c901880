import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SIDES, type Side } from '../../app/contract/crossing.ts';
import { openReadOnly } from '../../app/record/verify/open-read-only.ts';
import { verifyRecordFile } from '../../app/record/verify/verify-file.ts';

/** Where a lane and its two controls keep their data. */
export interface LaneData {
  readonly record: string;
  readonly controls: Readonly<Record<Side, string>>;
}

export function laneData(dataFolder: string): LaneData {
  const control = (side: Side): string => join(dataFolder, side, `control-${side}.sqlite`);
  return { record: join(dataFolder, 'record.sqlite'), controls: { exit: control('exit'), entry: control('entry') } };
}

export interface JointRecordRow {
  readonly recordId: string;
  readonly state: string;
  readonly clearance: 'none' | 'standing' | 'voided';
  readonly asked: boolean;
  readonly released: boolean;
  /** The side's answer in the joint record, null when it gave none. */
  readonly words: Readonly<Record<Side, string | null>>;
}

export interface ControlRow {
  readonly recordId: string;
  readonly state: string;
  readonly word: string | null;
  readonly held: number;
  readonly holder: string | null;
  readonly endorsement: string | null;
  readonly quotas: string;
  readonly day: string | null;
}

/** Reads the joint record as it stands, beside a lane that may be writing to it. */
export function readRecords(path: string): readonly JointRecordRow[] {
  const { db, close } = openReadOnly(path);
  try {
    const rows = db
      .prepare<
        [],
        Omit<JointRecordRow, 'asked' | 'released' | 'words'> & Record<'digest' | 'rest' | Side, string | null>
      >(
        `SELECT record_id AS recordId, state, clearance, evidence_digest AS digest, rest,
          (SELECT json_extract(answer, '$.body.word') FROM answers a WHERE a.record_id = r.record_id AND side = 'exit') AS exit,
          (SELECT json_extract(answer, '$.body.word') FROM answers a WHERE a.record_id = r.record_id AND side = 'entry') AS entry
        FROM records r ORDER BY opened_seq`,
      )
      .all();
    return rows.map(({ recordId, state, clearance, digest, rest, exit, entry }) => ({
      recordId,
      state,
      clearance,
      asked: digest !== null,
      released: (JSON.parse(rest ?? '{}') as { lastDoorRelease: unknown }).lastDoorRelease !== null,
      words: { exit, entry },
    }));
  } finally {
    close();
  }
}

export function readControl(path: string): readonly ControlRow[] {
  const { db, close } = openReadOnly(path);
  try {
    const sql =
      'SELECT record_id AS recordId, state, word, held, holder, endorsement, quotas, day FROM crossings ORDER BY record_id';
    return db.prepare<[], ControlRow>(sql).all();
  } finally {
    close();
  }
}

/** Notices that no control has acknowledged yet. */
export function undelivered(path: string): number {
  const { db, close } = openReadOnly(path);
  try {
    return db.prepare<[], number>('SELECT count(*) FROM outbox WHERE delivered_at IS NULL').pluck().get() ?? 0;
  } finally {
    close();
  }
}

/**
 * Everything that G1, G2, G4 and G7 say about a lane whose notices are delivered, looked up in three files that know
 * nothing of each other: the joint record, and the register of each side's control. Gives what is wrong, in words.
 */
export function flawsOf(data: LaneData, { told }: { readonly told: boolean }): readonly string[] {
  const flaws: string[] = verifyRecordFile(data.record, { keys: null, receipts: [] }).findings.map(
    ({ code, seq, recordId, detail }) => `record verify: ${code} ${seq ?? ''} ${recordId ?? ''} ${detail}`,
  );
  const records = readRecords(data.record);
  for (const { recordId, state, clearance, released } of records) {
    // G1: a door was released for what is committed on disk, or was.
    if (released && clearance === 'none') flaws.push(`${recordId}: a door released without a commit`);
    if (state === 'passed' && !released) flaws.push(`${recordId}: passed a door that was not released`);
  }
  for (const side of SIDES) {
    if (!existsSync(data.controls[side])) continue;
    const register = readControl(data.controls[side]);
    flaws.push(...countedTwice(data.controls[side], register).map((flaw) => `${side}: ${flaw}`));
    if (told) flaws.push(...disagreements(side, records, register));
  }
  return flaws;
}

/** G2 at the controls: what each side's own register says is what the joint record says. */
function disagreements(side: Side, records: readonly JointRecordRow[], register: readonly ControlRow[]): string[] {
  const known = new Map(register.map((row) => [row.recordId, row]));
  const flaws = records.flatMap((record) => {
    const state = known.get(record.recordId)?.state ?? null;
    return allowedAt(side, record).includes(state)
      ? []
      : [`${side}: ${record.recordId} is ${record.state} (${record.clearance}) and ${state} at the control`];
  });
  const ours = new Set(records.map(({ recordId }) => recordId));
  const strangers = register.filter(({ recordId }) => !ours.has(recordId));
  return [...flaws, ...strangers.map(({ recordId }) => `${side}: ${recordId} is in no joint record`)];
}

function allowedAt(side: Side, { state, clearance, asked, words }: JointRecordRow): readonly (string | null)[] {
  if (state === 'passed') return ['passed'];
  if (clearance === 'voided') return ['voided'];
  if (clearance === 'standing') return ['committed'];
  if (!asked) return [null];
  const ended = ['refused', 'resolved', 'abandoned', 'voided'].includes(state);
  // A clear that led to nothing is taken back; a side that refused or referred holds nothing.
  if (ended && words[side] === 'clear') return ['voided'];
  if (ended && words[side] === null) return ['voided', null];
  return ['prepared', 'voided', 'lapsed', null];
}

/** G4 "nothing is counted twice": entries and quota places used are those of the crossings that hold them, one by one. */
function countedTwice(path: string, register: readonly ControlRow[]): string[] {
  const { db, close } = openReadOnly(path);
  try {
    const held = register.filter((row) => row.held === 1);
    const endorsements = countBy(held, ({ holder, endorsement }) =>
      endorsement === null ? [] : [`${holder} ${endorsement}`],
    );
    const quotas = countBy(held, ({ holder, quotas, day }) =>
      (JSON.parse(quotas) as { id: string; per: string }[]).map(
        ({ id, per }) => `${id} ${day} ${per === 'holder' ? holder : ''}`,
      ),
    );
    const used = db
      .prepare<[], { name: string; used: number }>(`SELECT holder || ' ' || id AS name, used FROM endorsements`)
      .all();
    const places = db
      .prepare<[], { name: string; used: number }>(
        `SELECT quota || ' ' || day || ' ' || holder AS name, used FROM quota_use`,
      )
      .all();
    return [...differences('endorsement', used, endorsements), ...differences('quota', places, quotas)];
  } finally {
    close();
  }
}

function countBy<T>(rows: readonly T[], names: (row: T) => readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of rows.flatMap(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function differences(
  what: string,
  used: readonly { readonly name: string; readonly used: number }[],
  expected: ReadonlyMap<string, number>,
): string[] {
  return used
    .filter((row) => row.used !== (expected.get(row.name) ?? 0))
    .map((row) => `${what} used ${row.used} times by ${expected.get(row.name) ?? 0} crossings`);
}

/** For a test's own damage: opens a file for writing as SQLite does. */
export function edit(path: string, sql: string): void {
  const db = new Database(path);
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}
