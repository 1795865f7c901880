import { describeRecordUpkeep } from '../contract/upkeep.contract.ts';
import { describeRecordStore } from '../store.contract.ts';
import { verifyRecordFile } from '../verify/verify-file.ts';
import { sqliteBench } from './sqlite.fixture.ts';

describeRecordStore('SQLite', async ({ clock, controls }) => {
  const bench = await sqliteBench({ fakeClock: clock, controls });
  return {
    store: bench.store,
    lanePublicKeyRaw: bench.laneKey.publicKeyRaw,
    reopen: async () => {
      await bench.store.close();
      return bench.open();
    },
    dispose: bench.dispose,
  };
});

describeRecordUpkeep('SQLite', async ({ clock, controls }) => {
  const { store, path, dispose } = await sqliteBench({ fakeClock: clock, controls });
  return { store, verify: async () => verifyRecordFile(path, { keys: null, receipts: [] }), dispose };
});
