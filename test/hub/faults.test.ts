import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPortBench, urlOf } from '../../app/hub/hub-bench.fixture.ts';
import type { HubRecordStore } from '../../app/record/remote/hub-store.ts';
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.ts';
import { type HubChild, startHubChild } from './hub-child.ts';
import { LANE, openPortStage, PHASES, type Phase, type PortStage } from './port-stage.ts';

// G1 to G4 and G7 over a hub, with a fault in each request of a crossing: the hub killed, PostgreSQL killed and restarted,
// the connection cut before the request arrives or before its answer does. After each, both sides' data is asked.

const bench = await openPortBench();
afterAll(() => bench?.dispose());

/** Killing takes seconds: a few requests in the daily tests, each of them with JOINTGATE_FAULTS=all (`npm run faults:hub`). */
const KILLED: readonly Phase[] = process.env.JOINTGATE_FAULTS === 'all' ? PHASES : ['open', 'commit', 'pass'];
const LIMITS = { timeoutMs: 25_000, attemptTimeoutMs: 3_000 };

describe.skipIf(bench === null)('a port in which something fails in each request of a crossing', () => {
  if (bench === null) return;
  let stage: PortStage;
  let hubs: [HubChild, HubChild];
  let proxy: CuttingProxy;
  let store: HubRecordStore;

  beforeAll(async () => {
    await bench.freshDatabase();
    stage = await openPortStage(bench);
    hubs = [await startHubChild(bench, stage.keys), await startHubChild(bench, stage.keys)];
    proxy = await openCuttingProxy(hubs[0].port);
  }, 120_000);
  afterAll(async () => {
    await store?.close();
    proxy?.close();
    for (const hub of hubs ?? []) await hub.kill();
    await stage?.close();
  });

  /** A lane that starts now: its connections are made, so that the next exchange is the crossing's own. */
  const startLane = async (urls: readonly string[]): Promise<void> => {
    await store?.close();
    store = await bench.openStore(LANE, urls, LIMITS);
    expect(await store.live(LANE)).toMatchObject({ ok: true });
  };

  const crossWith = async (phase: Phase, fault: () => Promise<void>): Promise<void> => {
    const { recordId, stopped } = await stage.cross(store, async (next) => {
      if (next === phase) await fault();
    });
    // A call is repeated until it is known to be done: with a hub that comes back in time, nothing stops a crossing.
    expect(stopped, phase).toBeNull();
    await stage.check(store, [recordId]);
  };

  test.each(PHASES)('the connection is cut before the request arrives: %s', async (phase) => {
    await startLane([urlOf(proxy.port)]);
    let cut = Promise.resolve();
    await crossWith(phase, async () => {
      cut = proxy.arm({ at: 'request', act: 'drop' });
    });
    await cut;
  });

  test.each(PHASES)('the answer is lost: %s', async (phase) => {
    await startLane([urlOf(proxy.port)]);
    let cut = Promise.resolve();
    await crossWith(phase, async () => {
      cut = proxy.arm({ at: 'answer', act: 'drop' });
    });
    await cut;
  });

  test.each(KILLED)(
    'the hub is killed while it works, and the lane goes on at the other one: %s',
    async (phase) => {
      proxy.target = hubs[0].port;
      await startLane([urlOf(proxy.port), urlOf(hubs[1].port)]);
      let killed = Promise.resolve();
      let cut = Promise.resolve();
      await crossWith(phase, async () => {
        cut = proxy.arm({
          at: 'request',
          act: () => {
            // A little later each phase, so that it is met before, in and after its own work.
            killed = pause(PHASES.indexOf(phase)).then(() => hubs[0].kill());
          },
        });
      });
      await cut;
      await killed;
      hubs[0] = await startHubChild(bench, stage.keys);
    },
    60_000,
  );

  test.each(KILLED)(
    'PostgreSQL is killed while it works, and is started again: %s',
    async (phase) => {
      proxy.target = hubs[0].port;
      await startLane([urlOf(proxy.port), urlOf(hubs[1].port)]);
      let restarted = Promise.resolve();
      let cut = Promise.resolve();
      await crossWith(phase, async () => {
        cut = proxy.arm({
          at: 'request',
          act: () => {
            restarted = restartPostgres(PHASES.indexOf(phase));
          },
        });
      });
      await cut;
      await restarted;
    },
    90_000,
  );

  test('a lane process that dies in each request leaves nothing half done: its next life ends it', async () => {
    const ids: string[] = [];
    for (const phase of PHASES) {
      await startLane(hubs.map(({ port }) => urlOf(port)));
      const { recordId } = await stage.cross(store, async (next) => {
        // Its connections are gone in the middle of the request, and it never asks again.
        if (next === phase) setTimeout(() => void store.close(), 1);
      });
      ids.push(recordId);
      await startLane(hubs.map(({ port }) => urlOf(port)));
      await stage.recover(store);
    }
    await stage.check(store, ids);
  }, 60_000);

  async function restartPostgres(afterMs: number): Promise<void> {
    await pause(afterMs);
    // SIGQUIT: PostgreSQL's own immediate stop, and quicker than asking for it.
    const pid = Number(readFileSync(join(bench!.folder, 'pg', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGQUIT');
    for (let alive = true; alive; ) {
      await pause(20);
      try {
        process.kill(pid, 0);
      } catch {
        alive = false;
      }
    }
    await bench!.startPostgres();
  }
});
