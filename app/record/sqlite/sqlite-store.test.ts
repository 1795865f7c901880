import { describeRecordStore } from '../store.contract.ts';
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
