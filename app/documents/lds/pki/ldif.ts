/** The values of an ICAO PKD export that matter here (ICAO PKD interface specification: LDIF after RFC 2849). */
export interface PkdEntries {
  readonly certificates: readonly Uint8Array[];
  readonly revocationLists: readonly Uint8Array[];
  readonly masterLists: readonly Uint8Array[];
}

/** A whole PKD export has some 60 MB. */
export const MAX_LDIF_BYTES = 256 * 1024 * 1024;

const KINDS: Readonly<Record<string, keyof PkdEntries>> = {
  'usercertificate;binary': 'certificates',
  'cacertificate;binary': 'certificates',
  'certificaterevocationlist;binary': 'revocationLists',
  pkdmasterlistcontent: 'masterLists',
  cscamasterlistdata: 'masterLists',
};

export function isLdif(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 256)).toString('latin1');
  return /^(\uFEFF|\xEF\xBB\xBF)?(#[^\n]*\n|\s)*(version:\s*1|dn:)/i.test(head);
}

/** Collects base64 values (`name:: value`, folded lines joined) of the known attributes. Other attributes are passed over. */
export function readLdif(bytes: Uint8Array): PkdEntries {
  const found = {
    certificates: [] as Uint8Array[],
    revocationLists: [] as Uint8Array[],
    masterLists: [] as Uint8Array[],
  };
  let kind: keyof PkdEntries | null = null;
  let value: string[] = [];
  const flush = () => {
    if (kind && value.length > 0) found[kind].push(new Uint8Array(Buffer.from(value.join(''), 'base64')));
    kind = null;
    value = [];
  };
  for (const line of lines(bytes)) {
    // A line that opens with a blank goes on with the one before (RFC 2849 note 2).
    if (line.startsWith(' ')) {
      if (kind) value.push(line.slice(1));
      continue;
    }
    flush();
    const split = line.indexOf('::');
    if (split < 0) continue;
    kind = KINDS[line.slice(0, split).toLowerCase()] ?? null;
    if (kind) value.push(line.slice(split + 2).trim());
  }
  flush();
  return found;
}

function* lines(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < buffer.length; ) {
    const end = buffer.indexOf(10, at);
    const stop = end < 0 ? buffer.length : end;
    yield buffer.toString('latin1', at, stop > at && buffer[stop - 1] === 13 ? stop - 1 : stop);
    at = stop + 1;
  }
}
