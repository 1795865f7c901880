import type { Side } from '../../contract/crossing.ts';
import { type SideRecord, sideView } from './side-view.ts';
import { openRecordFile } from './sqlite-file.ts';

/** Records opened from `fromIso` (inclusive) to `toIso` (exclusive), oldest first, as one side may have them. */
export function* exportRecordFile(path: string, side: Side, fromIso: string, toIso: string): Generator<SideRecord> {
  const file = openRecordFile(path);
  try {
    for (const doc of file.docsOpened(fromIso, toIso)) {
      const { receipt } = file.stored(doc.recordId);
      yield sideView(doc, side, receipt === null ? null : JSON.parse(receipt));
    }
  } finally {
    file.close();
  }
}
