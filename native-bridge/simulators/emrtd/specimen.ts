import { createHash } from 'node:crypto';
import type { FileName } from '../../../app/documents/lds/files.ts';
import type { EncodedImage } from '../../../app/documents/lds/image.ts';
import { CARD_DEFAULTS, type CardOptions, EmrtdCard } from './card.ts';
import type { CardFaults } from './card-faults.ts';
import { NO_FAULTS } from './card-faults.ts';
import type { RandomBytes } from './key-pair.ts';
import { type DocumentRequest, issueDocument } from './test-document.ts';
import { TestIssuer } from './test-issuer.ts';

/** The traveller of Doc 9303's own samples, Utopia, with an expiry date that is not long past. */
export const SPECIMEN_LINES = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F3604155ZE184226B<<<<<16',
] as const;
export const SPECIMEN_KEY = {
  kind: 'mrz',
  documentNumber: 'L898902C3',
  birthDate: '740812',
  expiryDate: '360415',
} as const;
const SPECIMEN_MRZ_INFORMATION = 'L898902C3674081223604155';

/** Random-looking bytes that are the same in every run: tests must be repeatable, and nothing here protects anything. */
export function seededRandom(seed: string): RandomBytes {
  let counter = 0;
  return (length) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      parts.push(createHash('sha256').update(`${seed}:${counter++}`).digest());
    }
    return Uint8Array.from(Buffer.concat(parts).subarray(0, length));
  };
}

/** Bytes that start like a JPEG; enough for everything that does not decode it. */
export function portraitBytes(length: number, random: RandomBytes): EncodedImage {
  const bytes = random(length);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  return { format: 'jpeg', bytes, widthPx: 300, heightPx: 400 };
}

export interface SpecimenRequest {
  readonly random: RandomBytes;
  readonly at: Date;
  readonly issuer?: TestIssuer;
  readonly document?: Partial<DocumentRequest>;
  readonly card?: Partial<CardOptions>;
  readonly faults?: Partial<CardFaults>;
}

export interface Specimen {
  readonly card: EmrtdCard;
  readonly issuer: TestIssuer;
  readonly files: ReadonlyMap<FileName, Uint8Array>;
}

/** A whole specimen chip: issued, loaded and ready for the field. What the document offers, the card can do. */
export function specimen(request: SpecimenRequest): Specimen {
  const { random, at } = request;
  const issuer = request.issuer ?? new TestIssuer({ country: 'UT', random, at });
  const document: DocumentRequest = {
    issuer,
    mrz: SPECIMEN_LINES.join(''),
    portrait: portraitBytes(15_000, random),
    ...request.document,
  };
  const files = issueDocument(document);
  const active = document.activeAuthentication;
  const card = new EmrtdCard({
    ...CARD_DEFAULTS,
    mrzInformation: SPECIMEN_MRZ_INFORMATION,
    files,
    random,
    pace: document.pace ?? [],
    chipAuthentication: document.chipAuthentication ?? null,
    activeAuthentication:
      active && ('curve' in active || 'modulus' in active) ? (active as CardOptions['activeAuthentication']) : null,
    ...request.card,
    faults: { ...NO_FAULTS, ...request.faults },
  });
  return { card, issuer, files };
}
