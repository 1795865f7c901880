import { afterEach, beforeEach, describe } from 'vitest';
import { type ContractSubject, contractBench } from './contract/bench.contract.ts';
import { bookkeepingContract } from './contract/bookkeeping.contract.ts';
import { claimsContract } from './contract/claims.contract.ts';
import { commitContract } from './contract/commit.contract.ts';
import { crossingContract } from './contract/crossing.contract.ts';
import { endingsContract } from './contract/endings.contract.ts';
import { livesContract } from './contract/lives.contract.ts';
import { releasesContract } from './contract/releases.contract.ts';
import { type Controls, createControls, type FakeClock, fakeClock } from './crossing.fixture.ts';

/** What every `JointRecordStore` must do, whatever it is built on. Run by the SQLite and by the PostgreSQL store. */
export function describeRecordStore(
  name: string,
  create: (setup: { readonly clock: FakeClock; readonly controls: Controls }) => Promise<ContractSubject>,
): void {
  describe(`joint record store contract: ${name}`, () => {
    let clock: FakeClock;
    let controls: Controls;
    let subject: ContractSubject;
    beforeEach(async () => {
      clock = fakeClock();
      controls = createControls();
      subject = await create({ clock, controls });
    });
    afterEach(() => subject.dispose());

    const bench = contractBench(() => ({ subject, clock, controls }));
    crossingContract(bench);
    commitContract(bench);
    endingsContract(bench);
    claimsContract(bench);
    bookkeepingContract(bench);
    livesContract(bench);
    releasesContract(bench);
  });
}
