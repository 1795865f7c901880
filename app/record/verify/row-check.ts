import { isEnded, SIDES } from '../../contract/crossing.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import { receiptBodyOf, receiptSchema, verifyReceipt } from '../receipt.ts';
import { mayHoldAClear, type RecordDoc } from '../record-doc.ts';
import type { Report } from './findings.ts';
import { findKey, type KeyRing } from './public-keys.ts';
import type { Replayed } from './replay.ts';

/** What the tables hold about one record. */
export interface StoredRecord {
  /** Null when the row is missing or cannot be read. */
  readonly doc: RecordDoc | null;
  readonly clearances: readonly { readonly side: string; readonly status: string; readonly committed_at: string }[];
  readonly receipt: string | null;
  /** `side step`, e.g. `exit commit`. */
  readonly notices: readonly string[];
  /** Digest of the sealed referral material, null when there is none. */
  readonly material: string | null;
  /** The sides of those notices that no control has acknowledged yet. */
  readonly undelivered: readonly string[];
}

/** What the journal says beyond the record itself. */
export interface Expected {
  readonly storeId: string;
  readonly keys: KeyRing;
  /** Digest of the material it says was kept last. */
  readonly material: string | null;
}

/** The rows of one record against the journal, and both sides against each other. */
export function checkRows({ doc, last }: Replayed, stored: StoredRecord, expected: Expected, report: Report): void {
  const { recordId } = doc;
  const at = { recordId, seq: last.seq };
  if (stored.doc === null) report('recordMismatch', { ...at, detail: 'row missing or unreadable' });
  else if (canonicalText(stored.doc) !== canonicalText(doc)) report('recordMismatch', { ...at, detail: 'row differs' });
  checkSides(doc, stored, report);
  checkReceipt({ doc, last }, stored, expected, report);
  const kept = isEnded(doc.state) ? null : expected.material;
  if (stored.material !== kept) report('materialLeft', at);
  const due = expectedNotices(doc);
  const missing = due.filter((notice) => !stored.notices.includes(notice));
  const surplus = stored.notices.filter((notice) => !due.includes(notice));
  for (const notice of missing) report('noticeMissing', { ...at, detail: `${notice} missing` });
  for (const notice of surplus) report('noticeMissing', { ...at, detail: `${notice} without a cause` });
}

/** G2: exit is recorded if and only if entry is recorded, with the same status and time. */
function checkSides(doc: RecordDoc, { clearances }: StoredRecord, report: Report): void {
  const { recordId } = doc;
  const [exit, entry] = SIDES.map((name) => clearances.find(({ side }) => side === name));
  if (exit?.status !== entry?.status || exit?.committed_at !== entry?.committed_at || clearances.length % 2 !== 0) {
    report('sidesDiffer', { recordId, detail: `exit ${exit?.status ?? 'none'}, entry ${entry?.status ?? 'none'}` });
  } else if ((exit?.status ?? 'none') !== doc.clearance || (exit?.committed_at ?? null) !== doc.committedAt) {
    report('recordMismatch', { recordId, detail: `both sides ${exit?.status ?? 'none'}, journal ${doc.clearance}` });
  }
}

function checkReceipt(
  { doc, last }: Replayed,
  { receipt: text }: StoredRecord,
  { storeId, keys }: Expected,
  report: Report,
): void {
  const at = { recordId: doc.recordId, seq: last.seq };
  if (text === null || doc.state !== 'passed') {
    // A receipt for anything but a passage, or a passage without one.
    if (text !== null) report('receiptMismatch', { ...at, detail: `for a ${doc.state} record` });
    if (doc.state === 'passed') report('receiptMismatch', { ...at, detail: 'missing' });
    return;
  }
  const receipt = receiptSchema.safeParse(parseJson(text));
  const key = receipt.success ? findKey(keys.lane, receipt.data.keyId) : undefined;
  if (!receipt.success || key === undefined || !verifyReceipt(receipt.data, key.raw)) {
    report('receiptForged', at);
  } else if (canonicalText(receipt.data.body) !== canonicalText(receiptBodyOf(doc, storeId, last))) {
    report('receiptMismatch', { ...at, detail: 'body' });
  }
}

function expectedNotices(doc: RecordDoc): readonly string[] {
  const steps = [
    ...(doc.clearance === 'none' ? [] : ['commit']),
    ...(doc.clearance === 'voided' ? ['void'] : []),
    ...(doc.state === 'passed' ? ['receipt'] : []),
  ];
  const takenBack = SIDES.filter((side) => mayHoldAClear(doc, side)).map((side) => `${side} void`);
  return [...steps.flatMap((step) => SIDES.map((side) => `${side} ${step}`)), ...takenBack];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
