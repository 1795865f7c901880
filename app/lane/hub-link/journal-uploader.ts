import { journalHeadSchema, journalTakenSchema, LANE_PATHS, MAX_HUB_BODY_BYTES } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { JournalRow } from '../../record/journal.ts';
import type { HubClient } from '../../record/remote/hub-client.ts';
import { readLocalJournal } from '../../record/remote/local-journal.ts';

export interface Uploaded {
  readonly entries: number;
  /** Records made without the hub that it knows now. */
  readonly merged: number;
  /** Referrals the hub made of records that collided. */
  readonly conflicts: readonly string[];
}

export type UploadError = {
  readonly code: 'hubAway' | 'journalForked' | 'journalUnreadable' | 'hubRefused';
  readonly detail: string;
};

const ENTRIES_A_TIME = 200;
const UPLOAD_TIMEOUT_MS = 15_000;
/** Room for the rest of the request. */
const MAX_ENTRIES_BYTES = MAX_HUB_BODY_BYTES - 4_096;

/**
 * Brings the lane's own journal to the hub, in order, from where the hub has got to: audit lines, and the records that were
 * made while no hub answered. May be repeated at any time; what the hub has is not sent again.
 */
export async function uploadJournal(client: HubClient, path: string): Promise<Result<Uploaded, UploadError>> {
  const store = readLocalJournal(path, 1, 1);
  if (!store.ok) return unreadable(store.error);
  const { storeId } = store.value;
  const at = (route: string): string => route.replace(':storeId', storeId);
  const head = await client.call({
    method: 'GET',
    path: at(LANE_PATHS.journalHead),
    body: null,
    life: null,
    answer: journalHeadSchema,
  });
  if (!head.ok) return err(uploadError(head.error));
  let nextSeq = head.value.value?.nextSeq ?? 1;
  let entries = 0;
  let merged = 0;
  const conflicts: string[] = [];
  for (;;) {
    const slice = readLocalJournal(path, nextSeq, ENTRIES_A_TIME);
    if (!slice.ok) return unreadable(slice.error);
    const rows = asManyAsFit(slice.value.rows);
    if (rows.length === 0) return ok({ entries, merged, conflicts });
    const sent = await client.call({
      method: 'POST',
      path: at(LANE_PATHS.journal),
      body: { entries: rows },
      life: null,
      answer: journalTakenSchema,
      timeoutMs: UPLOAD_TIMEOUT_MS,
    });
    if (!sent.ok) return err(uploadError(sent.error));
    const taken = sent.value.value;
    if (taken === null || taken.nextSeq <= nextSeq) return err({ code: 'hubRefused', detail: 'took nothing' });
    entries += taken.nextSeq - nextSeq;
    nextSeq = taken.nextSeq;
    merged += taken.merged;
    conflicts.push(...taken.conflicts);
  }
}

function asManyAsFit(rows: readonly JournalRow[]): readonly JournalRow[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    return bytes > MAX_ENTRIES_BYTES;
  });
  return end < 0 ? rows : rows.slice(0, Math.max(1, end));
}

function uploadError(error: { readonly code: string; readonly detail?: string; readonly problem?: { code: string } }) {
  if (error.code === 'hubAway') return { code: 'hubAway', detail: error.detail ?? '' } as const;
  const detail = error.problem?.code ?? error.detail ?? '';
  return { code: detail === 'journalForked' ? 'journalForked' : 'hubRefused', detail } as const;
}

function unreadable(error: { readonly code: string; readonly detail?: string }): Result<never, UploadError> {
  return err({ code: 'journalUnreadable', detail: error.detail ?? error.code });
}
