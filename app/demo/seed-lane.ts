import { join } from 'node:path';
import type { Direction, Side } from '../contract/crossing.ts';
import type { OfficerRole } from '../contract/officer-account.ts';
import { unwrap } from '../contract/result.ts';
import { systemClock } from '../lane/clock.ts';
import { EnrolmentStore } from '../lane/enrolment-store.ts';
import { openLaneControls } from '../lane/lane-controls.ts';
import { openLaneKeys } from '../lane/lane-keys.ts';
import type { LaneProfile } from '../lane/lane-profile.ts';
import { openLaneAccounts } from '../officers/open-accounts.ts';
import { CAST, type CastMember } from './cast.ts';
import { cutPortrait, listSpecimenTravellers } from './specimens/specimens.ts';

const CONSENT = '2026-01-15T08:00:00.000Z';

/**
 * Does what both sides' enrolment offices and administrators did before: profiles with portraits for the lane, entitlements and
 * watchlists for each control. Written through the product's own stores, before the lane opens them.
 */
export async function seedLane(profile: LaneProfile): Promise<void> {
  const keys = unwrap(openLaneKeys(profile.dataFolder));
  const enrolment = unwrap(
    EnrolmentStore.open(join(profile.dataFolder, 'enrolment.sqlite'), keys.enrolmentKey, keys.portKey),
  );
  for (const member of CAST) {
    if (member.documents === null) continue;
    const portrait = await cutPortrait(portraitOf(member.person));
    unwrap(enrolment.enrol({ profileId: member.id, documents: member.documents, consentGivenAt: CONSENT }, portrait));
  }
  enrolment.close();
  const controls = unwrap(await openLaneControls(profile, keys.controls, systemClock));
  for (const side of ['exit', 'entry'] as const) {
    const { control, embedded } = controls[side];
    // A control on the network has its entitlements already.
    if (embedded !== null) unwrap(embedded.seed(entitlements(side)));
    await control.close();
  }
  await seedOfficers(profile);
}

/** The demonstration's officers, all with `DEMO_PIN`; two of each side's authority, for four eyes. */
const DEMO_OFFICERS = {
  E1001: 'exitOfficer',
  E1002: 'exitOfficer',
  N2001: 'entryOfficer',
  N2002: 'entryOfficer',
  P3001: 'portSupervisor',
  T4001: 'technician',
  A5001: 'auditor',
} as const satisfies Record<string, OfficerRole>;
export const DEMO_PIN = '246810';

/** Whose officer a demonstration account is at a lane that leads this way. */
function authorityOf(role: OfficerRole, { from, to }: Direction): string | null {
  return role === 'exitOfficer' ? from : role === 'entryOfficer' ? to : null;
}

async function seedOfficers({ dataFolder, direction }: LaneProfile): Promise<void> {
  const { store, hasher, close } = unwrap(openLaneAccounts(dataFolder));
  const at = new Date().toISOString();
  // One hash for all: hashing takes its time, and these secrets are on this page.
  const pinHash = unwrap(await hasher.hash(DEMO_PIN));
  for (const [number, role] of Object.entries(DEMO_OFFICERS)) {
    const added = await store.add({
      number,
      role,
      authority: authorityOf(role, direction),
      pinHash,
      pinIsFirst: false,
      closed: false,
      addedAt: at,
      pinSetAt: at,
    });
    if (!added.ok && added.error.code !== 'numberTaken') unwrap(added);
  }
  await close();
}

function portraitOf(person: string): string {
  const traveller = listSpecimenTravellers().find((candidate) => candidate.person === person);
  if (traveller === undefined) throw new Error(`no specimen photographs of ${person}`);
  return traveller.portrait;
}

/** What one side knows about the cast (`jointgate-entitlements/1`). */
export function entitlements(side: Side): unknown {
  return {
    schema: 'jointgate-entitlements/1',
    note: 'specimen holders of the demonstration',
    holders: CAST.flatMap((member) => (member.documents === null ? [] : [holder(member, side)])),
    watchlist: CAST.flatMap(({ id, watched, documents }) =>
      watched?.side === side && documents !== null
        ? [
            {
              kind: 'document',
              id: `watch-${id}`,
              issuingState: documents[side].issuingState,
              number: documents[side].number,
              word: watched.word,
            },
          ]
        : [],
    ),
  };
}

function holder({ id, documents }: CastMember, side: Side): unknown {
  const document = documents?.[side];
  return {
    id,
    documents:
      document === undefined
        ? []
        : [{ kind: document.kind, issuingState: document.issuingState, number: document.number }],
    validUntil: null,
    consentGivenAt: CONSENT,
    tallEnough: true,
    // Any number of entries: the same specimen comes again and again.
    endorsements: [
      { id: `travel-${id}`, entries: null, stayDays: 90, validFrom: '2026-01-01', validUntil: '2036-01-01' },
    ],
  };
}
