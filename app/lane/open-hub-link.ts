import { join } from 'node:path';
import type { Side } from '../contract/crossing.ts';
import { ok, type Result } from '../contract/result.ts';
import type { EmbeddedControl } from '../controls/embedded/embedded-control.ts';
import { openHubClient } from '../record/remote/hub-client.ts';
import type { Clock } from './clock.ts';
import type { Diary } from './diary.ts';
import type { EnrolmentStore } from './enrolment-store.ts';
import type { HomeStore } from './hub-link/home-store.ts';
import { HubLink } from './hub-link/hub-link.ts';
import { actForHub } from './hub-link/hub-officers.ts';
import { PortDocuments } from './hub-link/port-documents.ts';
import type { OpenLaneError } from './lane-keys.ts';
import type { LaneProfile } from './lane-profile.ts';
import { readTls } from './network-setting.ts';
import type { OfficerActions } from './officer-actions.ts';

export interface HubLinkParts {
  readonly profile: LaneProfile;
  readonly officers: OfficerActions;
  readonly controls: Readonly<Record<Side, EmbeddedControl | null>>;
  readonly enrolment: EnrolmentStore;
  readonly importTrust: ((data: Uint8Array, source: string) => readonly string[]) | null;
  readonly home: Pick<HomeStore, 'look'> | null;
  readonly diary: Diary;
  readonly clock: Clock;
}

/** The lane's side of the port's live feed; null where the lane's file is the record's home. Connections of its own: a long poll must not hold up a record. */
export function openHubLink(parts: HubLinkParts): Result<HubLink | null, OpenLaneError> {
  const { profile, officers, controls, enrolment, importTrust, home, diary, clock } = parts;
  const { home: port } = profile;
  if (port.kind === 'lane') return ok(null);
  const tls = readTls(port.tls);
  if (!tls.ok) return tls;
  const path = join(profile.dataFolder, 'hub-documents.json');
  const documents = new PortDocuments({
    path,
    direction: profile.direction,
    controls,
    enrolment,
    importTrust,
    diary,
    clock,
  });
  return ok(
    new HubLink({
      client: openHubClient({ urls: port.urls, tls: tls.value }),
      clock,
      onAction: (action) => actForHub(officers, profile.direction, action),
      onDocument: documents.take,
      wants: documents.wants,
      onUnheard: () => void home?.look(),
    }),
  );
}
