import type { ReleaseGrant } from '../contract/control-protocol.ts';
import { type Check, type FaceEvidence, RELEASED_BY_OFFICER, SIDES, type Side } from '../contract/crossing.ts';
import type { Place } from '../domain/crossing/facts.ts';
import type { CrossingSnapshot } from '../domain/crossing/step.ts';
import type { OpeningRelease } from '../record/store.ts';
import type { EnrolledTraveller } from './enrolment-store.ts';

export type Inside = Extract<Place, 'chamberA' | 'chamberB'>;
export type Grants = Readonly<Partial<Record<Side, readonly ReleaseGrant[]>>>;

/** What officers have decided: the person who stands in the lane goes on in a record of its own. */
export interface ReleaseOrder {
  readonly recordId: string;
  readonly opening: OpeningRelease;
  /** All that were given for this person so far, of either side. */
  readonly grants: Grants;
}

/** Where a crossing begins that goes on from another one, with what that one has found out. */
export interface Continued extends ReleaseOrder {
  readonly place: Inside;
  readonly traveller: EnrolledTraveller;
  readonly face: FaceEvidence;
  readonly checks: readonly Check[];
  /** Doors that the one before had let them through, which may be moving still. */
  readonly doors: ReadonlySet<string>;
}

/** Where the traveller of an ended crossing stands, as long as it is certainly them and nobody else; null otherwise. */
export function standingAt({ context, ...snapshot }: CrossingSnapshot): Inside | null {
  const { place, joined, unwritten, unrecorded } = context;
  const ended = typeof snapshot.value === 'object' && 'afterwards' in snapshot.value;
  if (!ended || joined || unwritten || unrecorded) return null;
  return place === 'chamberA' || place === 'chamberB' ? place : null;
}

/** The checks as the next record begins with them: of the controls only that their officers have released, where they have. */
export function checksToGoOn(checks: readonly Check[], grants: Grants): readonly Check[] {
  const own = checks.filter(({ id }) => id !== 'exitControl' && id !== 'entryControl');
  return [
    ...own,
    ...SIDES.filter((side) => (grants[side]?.length ?? 0) > 0).map(
      (side): Check => ({ id: `${side}Control`, outcome: 'notDone', reason: RELEASED_BY_OFFICER }),
    ),
  ];
}
