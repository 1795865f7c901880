import canonicalize from 'canonicalize';

/** Deeper than any shape of ours; stops a hostile value from exhausting the stack. */
const MAX_DEPTH = 64;

/**
 * The one byte form everything is hashed and signed in: RFC 8785 (JSON Canonicalization Scheme), UTF-8.
 * Throws a TypeError on what JSON cannot carry (undefined as a value of its own, bigint, function, symbol, NaN,
 * Infinity, lone surrogates, class instances, cycles): signing something silently altered would be worse.
 * A property whose value is `undefined` counts as absent, as in JSON.stringify.
 */
export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalText(value), 'utf8');
}

/** As `canonicalBytes`, as text. */
export function canonicalText(value: unknown): string {
  assertJson(value, 0);
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

function assertJson(value: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw new TypeError('JSON value nests too deeply');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('JSON has no NaN and no Infinity');
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) assertJson(item, depth + 1);
    return;
  }
  if (typeof value !== 'object' || !isPlain(value))
    throw new TypeError(`JSON cannot carry a ${typeof value} like this`);
  for (const item of Object.values(value)) {
    if (item !== undefined) assertJson(item, depth + 1);
  }
}

/** Plain objects of any realm: a prototype that is null or the root of its chain. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
