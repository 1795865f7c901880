/**
 * The end of a record id, enough to tell today's crossings apart. Not its start: a UUID of version 7 begins with the time
 * (RFC 9562 §5.7), so crossings of the same minute begin alike.
 */
export function shortId(recordId: string): string {
  return recordId.slice(-6);
}
