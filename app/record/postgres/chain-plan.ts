import { canonicalText } from '../../crypto/canonical-json.ts';
import type { SigningKey } from '../../crypto/signing.ts';
import { type CheckpointPolicy, signCheckpoint } from '../checkpoint.ts';
import type { ControlKeys } from '../clearance-check.ts';
import { chain, type JournalDraft, type JournalEntry, type JournalRow } from '../journal.ts';

/** A lane's chain as the database has it. */
export interface ChainRow {
  readonly chain: string;
  readonly store_id: string;
  /** 64-bit integers come as text in a column, as a number in JSON. */
  readonly first_seq: string | number;
  readonly first_prev_hash: string;
  readonly head_seq: string | number;
  readonly head_hash: string;
  readonly signed_seq: string | number;
  readonly unsigned_since: string | null;
  readonly keys: string;
  /** The lane's present life; 0 before its first. */
  readonly life: string | number;
}

/** What is to be written to one chain: computed here, applied by the database if nobody else was faster. */
export interface ChainPlan {
  append(draft: JournalDraft): JournalEntry;
  /** Signs the last entry unless it is signed. */
  checkpoint(): void;
  /** Signs when the oldest unsigned entry is old enough, then gives everything for `apply_change`. */
  finish(): {
    readonly head: Record<string, unknown>;
    readonly entries: readonly JournalRow[];
    readonly checkpoints: readonly { readonly seq: number; readonly checkpoint: string }[];
  };
}

export interface PlanContext {
  readonly key: SigningKey;
  readonly keys: ControlKeys;
  readonly policy: CheckpointPolicy;
  readonly at: string;
}

export function planChain(row: ChainRow, { key, keys, policy, at }: PlanContext): ChainPlan {
  const expectedSeq = Number(row.head_seq);
  let head = { seq: expectedSeq, hash: row.head_hash };
  let signedSeq = Number(row.signed_seq);
  let unsignedSince = row.unsigned_since;
  const entries: JournalRow[] = [];
  const checkpoints: { seq: number; checkpoint: string }[] = [];

  const checkpoint = (): void => {
    if (head.seq <= signedSeq) return;
    const body = {
      version: 1 as const,
      storeId: row.store_id,
      firstSeq: Number(row.first_seq),
      firstPrevHash: row.first_prev_hash,
      ...head,
      at,
    };
    checkpoints.push({ seq: head.seq, checkpoint: canonicalText(signCheckpoint(body, key)) });
    signedSeq = head.seq;
    unsignedSince = null;
  };
  const append = (draft: JournalDraft): JournalEntry => {
    const { entry, payloadText } = chain(draft, head, at);
    const { seq, type, recordId, prevHash, hash } = entry;
    entries.push({ seq, at, type, record_id: recordId, payload: payloadText, prev_hash: prevHash, hash });
    head = { seq, hash };
    unsignedSince ??= at;
    if (seq - signedSeq >= policy.everyEntries) checkpoint();
    return entry;
  };

  const keysText = currentKeys(key, keys);
  if (expectedSeq === 0)
    append({ type: 'journalStarted', recordId: null, payload: { storeId: row.store_id, format: 1 } });
  if (row.keys !== keysText) {
    for (const payload of newKeys(row.keys, keysText)) append({ type: 'keyKnown', recordId: null, payload });
  }
  return {
    append,
    checkpoint,
    finish: () => {
      const ageMs = unsignedSince === null ? 0 : Date.parse(at) - Date.parse(unsignedSince);
      if (ageMs >= policy.everyMs) checkpoint();
      const { seq, hash } = head;
      return {
        head: { chain: row.chain, expectedSeq, seq, hash, signedSeq, unsignedSince, keys: keysText },
        entries,
        checkpoints,
      };
    },
  };
}

interface KeyEntry {
  readonly role: 'lane' | 'exit' | 'entry';
  readonly keyId: string;
  readonly raw: string;
}

/** The text of the keys a hub has, which it asks for in every write: the objects are the same ones until a key changes. */
let lastKeys: { readonly key: SigningKey; readonly keys: ControlKeys; readonly text: string } | null = null;

function currentKeys(key: SigningKey, keys: ControlKeys): string {
  if (lastKeys?.key !== key || lastKeys.keys !== keys) lastKeys = { key, keys, text: textOfKeys(key, keys) };
  return lastKeys.text;
}

function textOfKeys(key: SigningKey, keys: ControlKeys): string {
  const lane: KeyEntry = { role: 'lane', keyId: key.keyId, raw: key.publicKeyRaw };
  const sides = (['exit', 'entry'] as const).flatMap((role) =>
    keys[role].map(({ keyId, raw }) => ({ role, keyId, raw })),
  );
  return canonicalText([lane, ...sides]);
}

/** Keys that begin to count: those the chain did not have when it was written last. */
function newKeys(beforeText: string, nowText: string): readonly KeyEntry[] {
  const before = beforeText === '' ? [] : (JSON.parse(beforeText) as readonly KeyEntry[]);
  const now = JSON.parse(nowText) as readonly KeyEntry[];
  return now.filter(({ role, raw }) => !before.some((key) => key.role === role && key.raw === raw));
}
