import type { Sealed } from '../contract/control-protocol.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { canonicalText } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/digest.ts';
import type { JournalDraft } from './journal.ts';
import type { RecordDoc } from './record-doc.ts';
import type { StoreError } from './store.ts';

/**
 * Referral material for a record that waits for an officer: the text to be kept, and the journal entry that names it by
 * digest only, because the journal stays and the material goes.
 */
export function materialEntry(
  doc: RecordDoc,
  sealed: Sealed,
): Result<{ readonly text: string; readonly draft: JournalDraft }, StoreError> {
  const { recordId, state, referral } = doc;
  if (state !== 'referred' || referral === null) return err({ code: 'wrongState', recordId, state });
  const text = canonicalText(sealed);
  const payload = { owner: referral.owner, keyId: sealed.keyId, digest: sha256Hex(text) };
  return ok({ text, draft: { type: 'materialKept', recordId, payload } });
}
