import type { JournalDraft } from './journal.ts';
import type { StoreError } from './store.ts';

/** The journal's line about a door or a passage that was told after the record's end, or null when the error is none such. */
export function lateReport(error: StoreError): (JournalDraft & { readonly recordId: string }) | null {
  if (error.code !== 'wrongState' || error.late !== true) return null;
  const { recordId, state } = error;
  return {
    type: 'audit',
    recordId,
    payload: { event: 'lateReceiptAlarm', owner: 'port', facts: { state } },
  };
}

/** The journal's line about a notice that its control has refused for good. */
export function refusedNotice(
  { record_id: recordId, side, step }: { readonly record_id: string; readonly side: string; readonly step: string },
  code: string,
): JournalDraft {
  return {
    type: 'audit',
    recordId,
    payload: { event: 'noticeRefused', owner: side, facts: { side, step, code: code.slice(0, 200) } },
  };
}
