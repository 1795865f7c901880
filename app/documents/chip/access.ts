import { err, ok, type Result } from '../../contract/result.ts';
import { curveByStandardizedId } from '../lds/crypto/curve.ts';
import type { PaceInfo, SecurityInfos } from '../lds/security-infos.ts';
import { type AccessKey, isMrzKey } from './access-key.ts';
import { type BacError, performBac, type RandomBytes } from './bac.ts';
import type { CardConnection } from './card-connection.ts';
import { chipDataMatches } from './chip-authentication-mapping.ts';
import { dhByStandardizedId } from './dh-parameters.ts';
import { selectApplication, selectFile } from './file-reader.ts';
import { type AgreementGroup, dhGroup, ecGroup } from './key-agreement.ts';
import { type PaceError, performPace } from './pace.ts';
import { type PaceProtocol, paceProtocol } from './pace-protocol-id.ts';

/** The eMRTD application (ICAO 9303-10 §3.3.2). */
export const EMRTD_AID = Uint8Array.of(0xa0, 0, 0, 0x02, 0x47, 0x10, 0x01);

export type AccessError =
  | PaceError
  | BacError
  | { readonly code: 'applicationMissing'; readonly status: number }
  | { readonly code: 'accessKeyUnusable' | 'paceUnsupported' };

export interface Access {
  readonly protocol: 'PACE' | 'BAC' | 'none';
  /** Details of PACE; null otherwise. */
  readonly pace: PaceProtocol | null;
  readonly parameterId: number | null;
  /** Checks a static key against the data of chip-authentication mapping; null where that was not the mapping. */
  readonly matchesChipKey: ((publicKey: Uint8Array) => boolean) | null;
  /** Code of a PACE attempt that failed before BAC succeeded. */
  readonly failedPace: string | null;
}

interface PaceOffer {
  readonly protocol: PaceProtocol;
  readonly parameterId: number;
  readonly isAmbiguous: boolean;
}

/** Opens a chip: PACE where it is offered and understood, BAC otherwise (ICAO 9303-11 §4.2). Leaves the application selected. */
export async function openChip(
  connection: CardConnection,
  key: AccessKey,
  cardAccess: SecurityInfos | null,
  random: RandomBytes,
): Promise<Result<Access, AccessError>> {
  const offer = cardAccess ? choosePace(cardAccess.pace) : null;
  let failedPace: string | null = null;
  if (offer) {
    const opened = await openByPace(connection, key, offer, random);
    if (opened.ok) return opened;
    // A dead link or a CAN, which BAC does not know, ends here; else an odd PACE may still hide a working BAC.
    if (opened.error.code === 'linkFailed' || opened.error.code === 'aborted' || !isMrzKey(key)) return opened;
    failedPace = opened.error.code;
  }
  connection.takeSession(null);
  const application = await connection.send(selectApplication(EMRTD_AID));
  if (!application.ok) return application;
  if (application.value.status !== 0x9000) {
    return err({ code: 'applicationMissing', status: application.value.status });
  }
  if (!isMrzKey(key)) return err({ code: 'paceUnsupported' });
  const bac = await performBac(connection, key, random);
  const done: Access = { protocol: 'BAC', pace: null, parameterId: null, matchesChipKey: null, failedPace };
  if (bac.ok) return ok(done);
  if (bac.error.code !== 'bacChallengeRefused' || !(await isOpen(connection))) return bac;
  return ok({ ...done, protocol: 'none' });
}

/** Documents of the first years have no access control at all: then EF.COM can simply be selected. */
async function isOpen(connection: CardConnection): Promise<boolean> {
  const selected = await connection.send(selectFile(0x011e));
  return selected.ok && selected.value.status === 0x9000;
}

/** The best offer this software can take up: chip-authentication mapping, then curves before residues, long keys before short. */
function choosePace(offers: readonly PaceInfo[]): PaceOffer | null {
  const usable = offers.flatMap(({ oid, version, parameterId }) => {
    const protocol = paceProtocol(oid);
    const isKnown = protocol && version === 2 && parameterId !== null && hasGroup(protocol, parameterId);
    return isKnown ? [{ protocol, parameterId }] : [];
  });
  const rank = ({ protocol }: { protocol: PaceProtocol }): number =>
    (protocol.mapping === 'chipAuthentication' ? 0 : protocol.mapping === 'generic' ? 1 : 2) +
    (protocol.agreement === 'ecdh' ? 0 : 10) +
    (protocol.cipher === '3DES' ? 100 : 0);
  const [best] = [...usable].sort((a, b) => rank(a) - rank(b));
  if (!best) return null;
  const rivals = offers.filter((offer) => offer.oid === best.protocol.oid && offer.parameterId !== best.parameterId);
  return { ...best, isAmbiguous: rivals.length > 0 };
}

const hasGroup = (protocol: PaceProtocol, id: number): boolean =>
  (protocol.agreement === 'ecdh' ? curveByStandardizedId(id) : dhByStandardizedId(id)) !== null;

async function openByPace(
  connection: CardConnection,
  key: AccessKey,
  offer: PaceOffer,
  random: RandomBytes,
): Promise<Result<Access, AccessError>> {
  const { protocol, parameterId } = offer;
  if (protocol.agreement === 'ecdh') {
    return runPace(connection, key, offer, ecGroup(curveByStandardizedId(parameterId)!), random);
  }
  return runPace(connection, key, offer, dhGroup(dhByStandardizedId(parameterId)!), random);
}

async function runPace<E>(
  connection: CardConnection,
  key: AccessKey,
  { protocol, parameterId, isAmbiguous }: PaceOffer,
  group: AgreementGroup<E>,
  random: RandomBytes,
): Promise<Result<Access, AccessError>> {
  const done = await performPace(connection, {
    protocol,
    group,
    key,
    parameterId: isAmbiguous ? parameterId : null,
    random,
    scalar: () => group.randomScalar(random),
  });
  if (!done.ok) return done;
  const data = done.value;
  return ok({
    protocol: 'PACE',
    pace: protocol,
    parameterId,
    matchesChipKey: data ? (publicKey) => chipDataMatches(group, data, publicKey) : null,
    failedPace: null,
  });
}
