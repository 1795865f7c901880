import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '../../contract/result.ts';
import { createSigningKey, type SigningKey } from '../../crypto/signing.ts';
import { type Controls, createControls, type FakeClock, fakeClock, type Walker } from '../crossing.fixture.ts';
import { openSqliteRecordStore, type SqliteRecordStore, type SqliteRecordStoreOptions } from './client.ts';

export interface SqliteBench extends Walker {
  readonly store: SqliteRecordStore;
  readonly path: string;
  readonly laneKey: SigningKey;
  readonly options: SqliteRecordStoreOptions;
  open(changes?: Partial<SqliteRecordStoreOptions>): Promise<SqliteRecordStore>;
  dispose(): Promise<void>;
}

/** For tests: a store in a folder of its own, with everything that made it. */
export async function sqliteBench(
  setup: Partial<SqliteRecordStoreOptions> & { readonly fakeClock?: FakeClock; readonly controls?: Controls } = {},
): Promise<SqliteBench> {
  const { fakeClock: clock = fakeClock(), controls = createControls(), ...changes } = setup;
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-record-'));
  const path = join(folder, 'lane.db');
  const { key: laneKey, pem } = createSigningKey();
  const options: SqliteRecordStoreOptions = {
    path,
    laneSigningKey: { pem },
    controlKeys: controls.keys,
    clock: clock.now,
    ...changes,
  };
  const opened: SqliteRecordStore[] = [];
  const open = async (more: Partial<SqliteRecordStoreOptions> = {}): Promise<SqliteRecordStore> => {
    const store = unwrap(await openSqliteRecordStore({ ...options, ...more }));
    opened.push(store);
    return store;
  };
  const dispose = async (): Promise<void> => {
    for (const store of opened) await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { store: await open(), clock, controls, path, laneKey, options, open, dispose };
}
