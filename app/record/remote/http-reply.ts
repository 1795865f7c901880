/** One answer of a hub as it came over the wire. */
export interface HttpReply {
  readonly status: number;
  /** Names in lower case; the first of a name counts. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** The connection may carry another exchange. */
  readonly reusable: boolean;
}

export type ReplyFault = 'MALFORMED_REPLY' | 'TOO_LARGE';

const MAX_HEAD_BYTES = 16 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const NO_BODY = new Set([204, 304]);

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Null: until the connection ends. */
  readonly length: number | null;
  readonly keeps: boolean;
}

/**
 * Reads one HTTP/1.1 answer (RFC 9112) out of bytes as they come, as far as a hub says it: a length, or everything until the
 * end of the connection. Whatever else it is (another version, chunks, a length that is none, bytes after the answer) is a
 * fault, and the connection is of no more use. Node's own client reads all that HTTP can be, for three times the work.
 */
export class ReplyReader {
  readonly #maxBytes: number;
  #bytes: Buffer = Buffer.alloc(0);
  #head: Head | null = null;
  #bodyAt = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The whole answer once it is there; null while something is missing. */
  push(chunk: Buffer): HttpReply | ReplyFault | null {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (this.#head === null) {
      const end = this.#bytes.indexOf(HEAD_END);
      if (end === -1) return this.#bytes.length > MAX_HEAD_BYTES ? 'MALFORMED_REPLY' : null;
      const head = end > MAX_HEAD_BYTES ? null : readHead(this.#bytes.toString('latin1', 0, end));
      if (head === null) return 'MALFORMED_REPLY';
      this.#head = head;
      this.#bodyAt = end + HEAD_END.length;
    }
    const { length } = this.#head;
    const have = this.#bytes.length - this.#bodyAt;
    if (Math.max(length ?? 0, have) > this.#maxBytes) return 'TOO_LARGE';
    if (length === null || have < length) return null;
    // Nobody has asked for more: what follows belongs to no question.
    return have > length ? 'MALFORMED_REPLY' : this.#whole(this.#head);
  }

  /** The connection has ended: an answer that lasts until then is whole now. */
  end(): HttpReply | null {
    return this.#head !== null && this.#head.length === null ? this.#whole(this.#head) : null;
  }

  #whole({ status, headers, keeps, length }: Head): HttpReply {
    return { status, headers, body: this.#bytes.subarray(this.#bodyAt), reusable: keeps && length !== null };
  }
}

function readHead(text: string): Head | null {
  const [first = '', ...lines] = text.split('\r\n');
  const status = Number(/^HTTP\/1\.1 ([2-5]\d\d)(?: |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1 || line.includes('\n')) return null;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    // Two lengths are how answers are made to mean two things.
    if (headers.has(name) && name === 'content-length') return null;
    if (!headers.has(name)) headers.set(name, value);
  }
  if (headers.has('transfer-encoding')) return null;
  const said = headers.get('content-length');
  if (said !== undefined && !/^\d{1,15}$/.test(said)) return null;
  const keeps = headers.get('connection')?.toLowerCase() !== 'close';
  if (NO_BODY.has(status)) return { status, headers, length: 0, keeps };
  // Without a length only the end of the connection says where it ends.
  if (said === undefined && keeps) return null;
  return { status, headers, length: said === undefined ? null : Number(said), keeps };
}
