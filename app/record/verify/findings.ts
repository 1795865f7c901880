/** Everything a verification can find, with the words an auditor reads. */
export const FINDINGS = {
  fileUnreadable: 'The file cannot be read as a joint record.',
  fileCorrupt: 'SQLite finds the file damaged.',
  entryEdited: 'A journal entry is not what was written.',
  entryDeleted: 'A journal entry is missing.',
  entryReordered: 'A journal entry stands at another place than it was written.',
  entryUnknown: 'A journal entry is of no type this software writes.',
  journalTruncated: 'The journal ends, or begins, before a place that was signed.',
  journalRewritten: 'The journal is another one than the one that was signed.',
  checkpointForged: 'A checkpoint is not signed by a known key of the lane.',
  checkpointMissing: 'More entries than allowed stand between two checkpoints.',
  receiptForged: 'A receipt is not signed by a known key of the lane.',
  receiptMismatch: 'A receipt is missing, or says something else than the journal.',
  illegalTransition: 'The journal holds an event that the record did not allow.',
  commitUnjustified: 'A commit stands without two valid, unexpired, signed clears.',
  doubleClaim: 'A document or profile is claimed by two live records.',
  sidesDiffer: 'Exit and entry are not recorded alike.',
  recordMismatch: 'A row is not what the journal says it must be.',
  materialLeft: 'Referral material is missing, altered, or still there after the record’s end.',
  noticeMissing: 'A control was not told, or was told something that did not happen.',
  keyForeign: 'The journal introduces a key that is not in the key list given.',
} as const;
export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  readonly code: FindingCode;
  /** Journal entry it concerns. */
  readonly seq: number | null;
  readonly recordId: string | null;
  /** Codes and numbers only, never a value from a row. */
  readonly detail: string;
}

export type Report = (code: FindingCode, at: { seq?: number; recordId?: string | null; detail?: string }) => void;

/** Collects findings. A file broken from end to end would give millions: after the limit they are only counted. */
export function collectFindings(limit = 1000): {
  readonly report: Report;
  readonly findings: readonly Finding[];
  readonly total: () => number;
} {
  const findings: Finding[] = [];
  let total = 0;
  return {
    findings,
    total: () => total,
    report: (
      code,
      { seq = null, recordId = null, detail = '' }: { seq?: number | null; recordId?: string | null; detail?: string },
    ) => {
      total++;
      if (findings.length < limit) findings.push({ code, seq, recordId, detail });
    },
  };
}
