import { afterAll, describe } from 'vitest';
import { LANE_ID } from '../record/crossing.fixture.ts';
import type { HubRecordStore } from '../record/remote/hub-store.ts';
import { describeRecordStore } from '../record/store.contract.ts';
import type { JointRecordStore } from '../record/store.ts';
import { openPortBench, urlOf } from './hub-bench.fixture.ts';

const port = await openPortBench();
afterAll(() => port?.dispose());

/** Lanes of the contract share one store; over the network each has its own certificate: calls go by lane and record. */
function byLane(of: (laneId: string) => Promise<HubRecordStore>): JointRecordStore & { all: HubRecordStore[] } {
  const all: HubRecordStore[] = [];
  const stores = new Map<string, Promise<HubRecordStore>>();
  const laneOf = new Map<string, string>();
  let closed = false;
  const lane = (laneId: string): Promise<HubRecordStore> => {
    const known =
      stores.get(laneId) ??
      of(laneId).then(async (store) => {
        all.push(store);
        if (closed) await store.close();
        return store;
      });
    stores.set(laneId, known);
    return known;
  };
  const home = (recordId: string): Promise<HubRecordStore> => lane(laneOf.get(recordId) ?? LANE_ID);
  return {
    all,
    beginLife: async (laneId) => (await lane(laneId)).beginLife(laneId),
    open: async (input, by) => {
      const laneId = by?.laneId ?? input.laneId;
      if (!laneOf.has(input.recordId)) laneOf.set(input.recordId, laneId);
      return (await lane(input.laneId)).open(input, by);
    },
    append: async (id, fact, by) => (await (by ? lane(by.laneId) : home(id))).append(id, fact, by),
    commit: async (id, by) => (await (by ? lane(by.laneId) : home(id))).commit(id, by),
    end: async (id, ending, by) => (await (by ? lane(by.laneId) : home(id))).end(id, ending, by),
    audit: async (entry) => (await lane(LANE_ID)).audit(entry),
    read: async (id) => (await home(id)).read(id),
    live: async (laneId) => (await lane(laneId)).live(laneId),
    outbox: async (side, limit) => (await lane(LANE_ID)).outbox(side, limit),
    noticeDelivered: async (id) => (await lane(LANE_ID)).noticeDelivered(id),
    noticeFailed: async (id) => (await lane(LANE_ID)).noticeFailed(id),
    noticeRefused: async (id, code) => (await lane(LANE_ID)).noticeRefused(id, code),
    figures: async (laneId, since) => (await lane(laneId)).figures(laneId, since),
    checkpoint: async () => (await lane(LANE_ID)).checkpoint(),
    close: async () => {
      closed = true;
      for (const store of await Promise.all(stores.values())) await store.close();
    },
  };
}

describe.skipIf(port === null)('over a hub', () => {
  let made = false;
  describeRecordStore('hub over PostgreSQL', async ({ clock, controls }) => {
    if (port === null) throw new Error('no server');
    if (!made) await port.freshDatabase();
    made = true;
    const hub = await port.openHub({ controlKeys: controls.keys, clock: clock.now });
    await port.emptyTables();
    const stores: JointRecordStore[] = [];
    const open = (): JointRecordStore => {
      const store = byLane((laneId) => port.openStore(laneId, [urlOf(hub.lanePort)]));
      stores.push(store);
      return store;
    };
    return {
      store: open(),
      lanePublicKeyRaw: port.hubKey.publicKeyRaw,
      reopen: async () => open(),
      dispose: async () => {
        for (const store of stores) await store.close();
        await hub.close();
      },
    };
  });
});
