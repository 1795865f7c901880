import { canonicalBytes } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/digest.ts';
import type { RecordDoc } from './record-doc.ts';
import type { RecordFact } from './store.ts';

/**
 * What is wrong with the evidence that is put before both controls, or null. It must be this record's, hash to the
 * digest the controls sign, and name only documents this record has claimed: otherwise a clear could be given for a
 * document that another lane may use at the same time (G1, G3).
 */
export function evidenceFlaw(doc: RecordDoc, fact: Extract<RecordFact, { type: 'asked' }>): string | null {
  const { evidence } = fact;
  if (sha256Hex(canonicalBytes(evidence)) !== fact.evidenceDigest)
    return 'evidenceDigest is not the digest of evidence';
  if (evidence.recordId !== doc.recordId) return 'evidence is of another record';
  if (evidence.laneId !== doc.laneId) return 'evidence is of another lane';
  if (evidence.direction.from !== doc.direction.from || evidence.direction.to !== doc.direction.to) {
    return 'evidence is of another direction';
  }
  const claimed = (digest: string): boolean => doc.documentDigests.includes(digest);
  return claimed(evidence.documents.exit) && claimed(evidence.documents.entry)
    ? null
    : 'evidence names a document that this record has not claimed';
}
