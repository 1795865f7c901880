import { z } from 'zod';
import { err, ok, type Result } from '../../contract/result.ts';
import bundled from './defects.json' with { type: 'json' };

/** A way in which an issuer's documents are known to be wrong, and which check it excuses. */
const DEVIATIONS = [
  /** EF.COM lists other data groups than EF.SOD signs. Excuses `sodMatchesCom`. */
  'comListWrong',
  /** The security object carries another content type than ICAO's. Excuses nothing but reading it. */
  'securityObjectOidWrong',
  /** Country attribute of the signer is not the issuing state's. Excuses `issuingStateMatchesSigner`. */
  'signerCountryWrong',
  /** The document signer ran out before the documents it signed. Excuses an expired signer in `signerValidity`. */
  'signerPeriodTooShort',
] as const;
export type Deviation = (typeof DEVIATIONS)[number];

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const entrySchema = z.strictObject({
  deviation: z.enum(DEVIATIONS),
  /** MRZ issuing state, or null for every state. */
  issuingState: z
    .string()
    .regex(/^[A-Z]{1,3}$/)
    .nullable(),
  /** SHA-256 fingerprints of the document signers concerned, or null for all of that state. */
  signers: z.array(hex64).max(10_000).nullable(),
  /** Content types that count as the security object; for `securityObjectOidWrong` only. */
  contentTypes: z
    .array(z.string().regex(/^\d+(\.\d+)+$/))
    .max(16)
    .optional(),
  /** Who says so and where: an officer must be able to look it up. */
  source: z.string().min(1).max(300),
});
const listSchema = z.strictObject({ version: z.literal(1), entries: z.array(entrySchema).max(10_000) });
export type DefectList = z.infer<typeof listSchema>;

export interface DefectListError {
  readonly code: 'defectListMalformed';
  readonly what: string;
}

/** Reads a defect list from JSON text of at most 4 MB. */
export function readDefectList(text: string): Result<DefectList, DefectListError> {
  const malformed = (what: string) => err<DefectListError>({ code: 'defectListMalformed', what });
  if (text.length > 4 * 1024 * 1024) return malformed('too long');
  try {
    const parsed = listSchema.safeParse(JSON.parse(text));
    return parsed.success ? ok(parsed.data) : malformed(parsed.error.issues[0]?.path.join('.') ?? 'unknown');
  } catch {
    // JSON.parse throws on text that is no JSON.
    return malformed('not JSON');
  }
}

/** The list that comes with the software; an operator's own list replaces it. */
export const BUNDLED_DEFECTS: DefectList = listSchema.parse(bundled);

/** Whether a deviation is known for documents of `issuingState` signed by `signer` (fingerprint). */
export function isKnownDeviation(
  list: DefectList,
  deviation: Deviation,
  issuingState: string | null,
  signer: string,
): boolean {
  return list.entries.some(
    (entry) =>
      entry.deviation === deviation &&
      (entry.issuingState === null || entry.issuingState === issuingState) &&
      (entry.signers === null || entry.signers.includes(signer)),
  );
}

/** Content types, beside ICAO's own, under which some issuers are known to sign the security object. */
export function knownContentTypes(list: DefectList): readonly string[] {
  return list.entries.flatMap((entry) =>
    entry.deviation === 'securityObjectOidWrong' ? (entry.contentTypes ?? []) : [],
  );
}
