import type { ServerResponse } from 'node:http';

/** What may wait for a console that reads too slowly; then it is cut off and comes back for everything anew. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** A response that tells one update after the other (Server-Sent Events, WHATWG HTML §9.2) until it is ended. */
export interface EventStream {
  /** One event, or a comment line; after the end it is nothing: while a hub closes, lanes still have news. */
  write(text: string): void;
  end(): void;
}

export function openEventStream(raw: ServerResponse): EventStream {
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  return {
    write: (text) => {
      if (raw.writableEnded) return;
      if (raw.writableLength > MAX_WAITING_BYTES) raw.destroy();
      else raw.write(text);
    },
    end: () => void raw.end(),
  };
}
