import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CARD_DEFAULTS, EmrtdCard } from '../../native-bridge/simulators/emrtd/card.ts';
import { NO_FAULTS } from '../../native-bridge/simulators/emrtd/card-faults.ts';
import { inField } from '../../native-bridge/simulators/emrtd/card-link.ts';
import { ecKeyPair } from '../../native-bridge/simulators/emrtd/key-pair.ts';
import { issueDocument } from '../../native-bridge/simulators/emrtd/test-document.ts';
import { TestIssuer } from '../../native-bridge/simulators/emrtd/test-issuer.ts';
import type { ChipInField } from '../../native-bridge/simulators/pn532-model.ts';
import { unwrap } from '../contract/result.ts';
import { mrzInformation } from '../documents/chip/access-key.ts';
import { accessKeyFromMrz } from '../documents/chip/access-key-from-mrz.ts';
import { writeDg2 } from '../documents/lds/dg2.ts';
import type { FileName } from '../documents/lds/files.ts';
import type { EncodedImage } from '../documents/lds/image.ts';
import { TrustDatabase } from '../documents/lds/pki/trust-database.ts';
import { readMrz } from '../documents/mrz/read-mrz.ts';
import type { CastMember } from './cast.ts';
import { cutPortrait, listSpecimenTravellers } from './specimens/specimens.ts';

/** PACE with generic mapping and AES-128 over NIST P-256 (ICAO 9303-11 §9.5.1). */
const PACE = [{ oid: '0.4.0.127.0.7.2.2.4.2.2', parameterId: 12 }];
/** Somebody else's picture, for a chip that was tampered with. */
const STRANGER = 'p10';

/** Utopia's passport office while the demonstration runs: a CSCA made on the spot, and the chips of the cast. */
export class ChipOffice {
  readonly #issuer: TestIssuer;
  readonly #now: Date;

  constructor(now: Date) {
    this.#now = now;
    this.#issuer = new TestIssuer({ country: 'UT', random, at: now });
  }

  /** What an operator does before the lane opens: the authority goes into the lane's trust store. */
  trustIn(dataFolder: string): void {
    const trust = unwrap(TrustDatabase.open(join(dataFolder, 'trust.sqlite')));
    trust.import(this.#issuer.authority, 'demonstration authority', this.#now.getTime());
    trust.close();
  }

  /** The chip of one document, powered up anew each time it comes into a field; null for a document without one. */
  async chipOf({ lines, person, chip: story }: CastMember): Promise<ChipInField | null> {
    if (story === null) return null;
    const { year, month, day } = {
      year: this.#now.getFullYear(),
      month: this.#now.getMonth() + 1,
      day: this.#now.getDate(),
    };
    const document = readMrz(lines, { today: { year, month, day } });
    if (document.format === null) throw new Error('the cast has documents that can be read');
    const key = accessKeyFromMrz(document);
    if (key.kind !== 'mrz') throw new Error('a printed zone gives a key of its own kind');
    const proof = ecKeyPair('secp256r1', 'SHA-256', random);
    const files = new Map<FileName, Uint8Array>(
      issueDocument({
        issuer: this.#issuer,
        mrz: lines.join(''),
        portrait: await portraitOf(person),
        pace: PACE,
        activeAuthentication: proof,
      }),
    );
    if (story === 'tampered') files.set('DG2', writeDg2(await portraitOf(STRANGER)));
    const card = new EmrtdCard({
      ...CARD_DEFAULTS,
      files,
      mrzInformation: mrzInformation(key),
      pace: PACE,
      activeAuthentication: proof,
      random,
      faults: { ...NO_FAULTS, clonedWithoutKey: story === 'cloned' },
    });
    return { card: inField(card), kind: 'typeA', uid: Uint8Array.of(0x08, ...random(3)) };
  }
}

const random = (length: number): Uint8Array => Uint8Array.from(randomBytes(length));

async function portraitOf(person: string): Promise<EncodedImage> {
  const traveller = listSpecimenTravellers().find((candidate) => candidate.person === person);
  if (traveller === undefined) throw new Error(`no specimen photographs of ${person}`);
  const bytes = new Uint8Array(await cutPortrait(traveller.portrait));
  return { format: 'jpeg', bytes, widthPx: 0, heightPx: 0 };
}
