/** Deeper than any shape of ours; stops a hostile value (and a cycle) from exhausting the stack. */
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

/**
 * As `canonicalBytes`, as text. One walk that checks and writes: a hub does this some forty times a crossing. Strings and
 * numbers are ECMAScript's own JSON (RFC 8785 §3.2.2), names sort by UTF-16 code units (§3.2.3), as `sort` does.
 */
export function canonicalText(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new TypeError('JSON value nests too deeply');
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('JSON has no NaN and no Infinity');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? list(value, depth + 1) : members(value, depth + 1);
    default:
      throw new TypeError(`JSON cannot carry a ${typeof value} like this`);
  }
}

function list(items: readonly unknown[], depth: number): string {
  let text = '[';
  for (let index = 0; index < items.length; index++) {
    if (index > 0) text += ',';
    text += write(items[index], depth);
  }
  return `${text}]`;
}

function members(value: object, depth: number): string {
  if (!isPlain(value)) throw new TypeError('JSON cannot carry an object like this');
  const from = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of inOrder(Object.keys(from))) {
    const item = from[name];
    if (item === undefined) continue;
    text += `${text === '' ? '' : ','}${quoted(name)}:${write(item, depth)}`;
  }
  return `{${text}}`;
}

/** JSON.stringify escapes half of a surrogate pair, which RFC 8785 §3.2.2.2 calls an error: only then is it in its text. */
function quoted(text: string): string {
  // Most strings of ours are digits, codes and base64: nothing in them is escaped, and looking is cheaper than asking.
  if (text.length <= MAX_LOOKED_AT && PLAIN.test(text)) return `"${text}"`;
  const json = JSON.stringify(text);
  if (json.length !== text.length + 2 && LONE_SURROGATE.test(text)) throw new TypeError('JSON has no lone surrogates');
  return json;
}

/** Objects that were read out of canonical JSON have their names in order already. */
function inOrder(names: string[]): readonly string[] {
  for (let index = 1; index < names.length; index++) {
    if ((names[index - 1] as string) > (names[index] as string)) return names.sort();
  }
  return names;
}

/** Printable ASCII without the two that JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;
const MAX_LOOKED_AT = 128;

/** With the `u` flag a whole pair is one character; what is left over is half of one. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Plain objects of any realm: a prototype that is null or the root of its chain. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
