import { join } from 'node:path';
import { ok, type Result } from '../contract/result.ts';
import type { ControlKeys } from '../record/clearance-check.ts';
import { openHubClient } from '../record/remote/hub-client.ts';
import { openHubRecordStore } from '../record/remote/hub-store.ts';
import { openSqliteRecordStore } from '../record/sqlite/client.ts';
import type { Clock } from './clock.ts';
import { type HomeState, HomeStore } from './hub-link/home-store.ts';
import { uploadJournal } from './hub-link/journal-uploader.ts';
import { laneSigningFile, type OpenLaneError } from './lane-keys.ts';
import type { LaneProfile } from './lane-profile.ts';
import { readTls } from './network-setting.ts';
import type { ReceiptKeys } from './receipt-keys.ts';
import { type LaneStore, ReopeningStore } from './reopening-store.ts';

export interface OpenedRecord {
  /** Where the lane reads and writes: its own file, or the port's home with that file beside it. */
  readonly store: LaneStore;
  /** The lane's own file, for upkeep and keys. */
  readonly local: ReopeningStore;
  /** Null: the lane's file is the home. */
  readonly home: HomeStore | null;
}

export interface OpenRecordOptions {
  readonly profile: LaneProfile;
  readonly controlKeys: ControlKeys;
  readonly receiptKeys: ReceiptKeys;
  readonly clock: Clock;
  readonly retryMs: number;
  readonly software: string;
  readonly onHome: (state: HomeState) => void;
  readonly onCopies: (kept: boolean) => void;
  readonly onMerge: (refusal: string | null) => void;
}

/** The joint record as the profile says where its home is. A file or a hub that is not there yet is tried again. */
export async function openRecord(options: OpenRecordOptions): Promise<Result<OpenedRecord, OpenLaneError>> {
  const { profile, controlKeys, receiptKeys, clock, retryMs, software, onHome, onMerge, onCopies } = options;
  const path = join(profile.dataFolder, 'record.sqlite');
  const local = new ReopeningStore(
    () =>
      openSqliteRecordStore({
        path,
        laneSigningKey: { file: laneSigningFile(profile.dataFolder) },
        // Read when it opens: a control may have been asked for its keys meanwhile.
        controlKeys: { exit: [...controlKeys.exit], entry: [...controlKeys.entry] },
        clock: () => new Date(clock.nowMs()),
      }),
    clock,
    retryMs,
  );
  const { home } = profile;
  if (home.kind === 'lane') {
    await local.start();
    return ok({ store: local, local, home: null });
  }
  const tls = readTls(home.tls);
  if (!tls.ok) return tls;
  await local.start();
  const client = openHubClient({ urls: home.urls, tls: tls.value });
  const hub = openHubRecordStore({ client, laneId: profile.laneId, software });
  const store = new HomeStore({
    laneId: profile.laneId,
    hub: {
      ...hub,
      outbox: async (side, limit) => {
        const found = await hub.outbox(side, limit);
        return found.ok ? ok(await receiptKeys.readable(found.value, client)) : found;
      },
    },
    local,
    policy: home.whenGone,
    clock,
    probeMs: home.probe,
    merge: () => uploadJournal(client, path),
    onState: onHome,
    onMerge,
    onCopies,
  });
  return ok({ store, local, home: store });
}
