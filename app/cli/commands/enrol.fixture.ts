import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Profile } from '../../lane/enrolment-store.ts';

/** For tests: somebody who does not exist, with a picture of nobody. */
export function nobody(profileId: string): Profile {
  const document = (number: string): Profile['documents']['exit'] => ({
    kind: 'passport',
    issuingState: 'UTO',
    number,
    nationality: 'UTO',
    birthDate: '1980-01-01',
    expiryDate: '2090-01-01',
    sex: 'X',
    name: 'SPECIMEN  NOBODY',
  });
  const number = profileId.toUpperCase().replaceAll('-', '');
  return {
    profileId,
    documents: { exit: document(`${number}X`), entry: document(`${number}N`) },
    consentGivenAt: null,
  };
}

export async function greyPortrait(folder: string): Promise<string> {
  const path = join(folder, 'portrait.png');
  const picture = sharp({ create: { width: 64, height: 80, channels: 3, background: '#888' } });
  writeFileSync(path, await picture.png().toBuffer());
  return path;
}
