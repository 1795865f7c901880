import { ok, type Result } from '../../contract/result.ts';
import { readTlvs, type Tlv } from './ber-tlv.ts';
import type { LdsError } from './lds-error.ts';
import { openFile } from './open-file.ts';

/** Additional personal details, EF.DG11 (ICAO 9303-10 §4.7.11). Fields that the issuer did not store are null. */
export interface Dg11 {
  readonly fullName: string | null;
  readonly otherNames: readonly string[];
  readonly personalNumber: string | null;
  /** YYYYMMDD. */
  readonly birthDate: string | null;
  readonly placeOfBirth: string | null;
  readonly address: string | null;
  readonly telephone: string | null;
  readonly profession: string | null;
  readonly title: string | null;
  readonly personalSummary: string | null;
  readonly custodyInformation: string | null;
}

/** Additional document details, EF.DG12 (ICAO 9303-10 §4.7.12). */
export interface Dg12 {
  readonly issuingAuthority: string | null;
  /** YYYYMMDD. */
  readonly issueDate: string | null;
  readonly endorsements: string | null;
  readonly taxOrExitRequirements: string | null;
  readonly personalizationTime: string | null;
  readonly personalizationSerial: string | null;
}

type Fields = (tag: number) => string | null;

export function readDg11(file: Uint8Array): Result<Dg11, LdsError> {
  const parts = openFile('DG11', file);
  if (!parts.ok) return parts;
  const text = fields(parts.value);
  return ok({
    fullName: text(0x5f0e),
    otherNames: otherNames(parts.value),
    personalNumber: text(0x5f10),
    birthDate: date(parts.value, 0x5f2b),
    placeOfBirth: text(0x5f11),
    address: text(0x5f42),
    telephone: text(0x5f12),
    profession: text(0x5f13),
    title: text(0x5f14),
    personalSummary: text(0x5f15),
    custodyInformation: text(0x5f18),
  });
}

export function readDg12(file: Uint8Array): Result<Dg12, LdsError> {
  const parts = openFile('DG12', file);
  if (!parts.ok) return parts;
  const text = fields(parts.value);
  return ok({
    issuingAuthority: text(0x5f19),
    issueDate: date(parts.value, 0x5f26),
    endorsements: text(0x5f1b),
    taxOrExitRequirements: text(0x5f1c),
    personalizationTime: digits(parts.value, 0x5f55),
    personalizationSerial: text(0x5f56),
  });
}

function fields(parts: readonly Tlv[]): Fields {
  return (tag) => {
    const value = parts.find((part) => part.tag === tag)?.value;
    return value ? Buffer.from(value).toString('utf8') : null;
  };
}

/** `A0 { 02 count, 5F0F name, 5F0F name, .. }`. */
function otherNames(parts: readonly Tlv[]): readonly string[] {
  const wrapped = parts.find((part) => part.tag === 0xa0);
  const inner = wrapped ? readTlvs(wrapped.value) : null;
  const names = inner?.ok ? inner.value : parts;
  return names.filter(({ tag }) => tag === 0x5f0f).map(({ value }) => Buffer.from(value).toString('utf8'));
}

/** Dates are 8 digits as text (LDS 1.7) or 4 bytes of BCD (older chips). */
function date(parts: readonly Tlv[], tag: number): string | null {
  return digits(parts, tag);
}

function digits(parts: readonly Tlv[], tag: number): string | null {
  const value = parts.find((part) => part.tag === tag)?.value;
  if (!value) return null;
  const text = Buffer.from(value).toString(value.length === 4 || value.length === 7 ? 'hex' : 'latin1');
  return /^\d+$/.test(text) ? text : null;
}
