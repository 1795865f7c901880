import { encodeTlv, readTlv, readTlvs, type Tlv } from '../ber-tlv.ts';

export interface Detached {
  /** The same CMS object with an empty content. */
  readonly skeleton: Uint8Array;
  readonly content: Uint8Array;
}

/** Where the content sits: ContentInfo, `[0]`, SignedData, its third member, `[0]`, OCTET STRING (RFC 5652 §3, §5.1, §5.2). */
const PATH: readonly { readonly member: number; readonly tag: number }[] = [
  { member: 1, tag: 0xa0 },
  { member: 0, tag: 0x30 },
  { member: 2, tag: 0x30 },
  { member: 1, tag: 0xa0 },
  { member: 0, tag: 0x04 },
];

/**
 * Takes the content out of a CMS object with definite lengths: a general parser would build a tree of all 700 certificates of a
 * master list, in seconds and hundreds of megabytes. Null where the object is written otherwise; then it goes through whole.
 */
export function detachContent(bytes: Uint8Array): Detached | null {
  const outer = readTlv(bytes);
  if (!outer.ok || outer.value.tag !== 0x30) return null;
  return descend(outer.value, 0);
}

function descend(parent: Tlv, depth: number): Detached | null {
  const step = PATH[depth];
  const members = readTlvs(parent.value, 16);
  if (!step || !members.ok) return null;
  const chosen = members.value[step.member];
  if (chosen?.tag !== step.tag) return null;
  const inner =
    depth === PATH.length - 1 ? { skeleton: encodeTlv(0x04), content: chosen.value } : descend(chosen, depth + 1);
  if (!inner) return null;
  const parts = members.value.map((member) => (member === chosen ? inner.skeleton : member.raw));
  return { skeleton: encodeTlv(parent.tag, ...parts), content: inner.content };
}
