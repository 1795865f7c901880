import { shortId } from './short-id.ts';

/** A record by the short form of its id; the whole one when pointed at. */
export function RecordName({ recordId }: { recordId: string | null }) {
  if (recordId === null) return null;
  return (
    <span className="mono" title={recordId}>
      {shortId(recordId)}
    </span>
  );
}
