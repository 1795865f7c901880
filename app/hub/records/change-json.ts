import type { Claim } from '../../record/consequences.ts';
import type { JournalRow } from '../../record/journal.ts';

/** A change of one chain as `apply_change` and `apply_changes` take it: see their migrations. */
export interface ChangeJson {
  readonly head: Readonly<Record<string, unknown>> & { readonly chain: string; readonly seq: number };
  readonly entries: readonly JournalRow[];
  readonly checkpoints: readonly { readonly seq: number; readonly checkpoint: string }[];
  /** The key of an audit call where it has one. */
  readonly callKey?: string;
  readonly deliveredIds?: readonly string[];
  readonly at?: string;
  readonly record?: Readonly<Record<string, unknown>>;
  readonly claims?: readonly Claim[];
  readonly released?: readonly Claim[];
  readonly answers?: readonly { readonly side: string; readonly answer: string }[];
  readonly clearance?: 'write' | 'void' | null;
  readonly receipt?: string | null;
  readonly notices?: readonly { readonly side: string; readonly step: string; readonly notice: string }[];
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * Changes of different chains by table instead of by change, for `apply_together`: a statement a table for all of them, where
 * `apply_changes` runs each change's own. Chains in one order for all, so that two hubs that write the same ones wait for each
 * other, never in a circle.
 */
export function byTable(changes: readonly ChangeJson[]): Readonly<Record<string, Rows>> {
  const sorted = [...changes].sort((a, b) => (a.head.chain < b.head.chain ? -1 : 1));
  const rows = (of: (change: ChangeJson) => Rows): Rows => sorted.flatMap(of);
  /** Of the record a change is about; nothing of a change without one. */
  const ofRecord = (of: (change: ChangeJson, id: { readonly record_id: unknown }) => Rows): Rows =>
    rows((change) => (change.record === undefined ? [] : of(change, { record_id: change.record.record_id })));
  const records = rows(({ record }) => (record === undefined ? [] : [record]));
  return {
    heads: rows(({ head }) => [head]),
    entries: rows(({ head: { chain }, entries }) => entries.map((entry) => ({ chain, ...entry }))),
    checkpoints: rows(({ head: { chain }, checkpoints }) => checkpoints.map((each) => ({ chain, ...each }))),
    opened: records.filter(({ version }) => version === 1),
    moved: records.filter(({ version }) => version !== 1),
    claims: ofRecord(({ claims = [] }, id) => claims.map((claim) => ({ ...claim, ...id }))),
    released: ofRecord(({ released = [] }, id) => released.map((claim) => ({ ...claim, ...id }))),
    answers: ofRecord(({ answers = [] }, id) => answers.map((answer) => ({ ...id, ...answer }))),
    cleared: ofRecord(({ clearance, at }, id) => (clearance === 'write' ? [{ ...id, at }] : [])),
    voided: ofRecord(({ clearance }, id) => (clearance === 'void' ? [id] : [])),
    receipts: ofRecord(({ receipt }, id) => (typeof receipt === 'string' ? [{ ...id, receipt }] : [])),
    notices: ofRecord(({ notices = [], record }, id) =>
      notices.map((notice) => ({ ...id, ...notice, lane_id: record?.lane_id })),
    ),
    calls: rows(({ callKey, head: { chain, seq } }) =>
      callKey === undefined ? [] : [{ lane_id: chain, key: callKey, seq }],
    ),
    delivered: rows(({ deliveredIds = [], at }) => deliveredIds.map((id) => ({ id, at }))),
  };
}
