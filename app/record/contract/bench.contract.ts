import type { Side } from '../../contract/crossing.ts';
import { unwrap } from '../../contract/result.ts';
import type { Controls, FakeClock, Walker } from '../crossing.fixture.ts';
import type { JointRecordStore, OutboxNotice, StoreError } from '../store.ts';

/** One store under test, and how to come back to its data. */
export interface ContractSubject {
  readonly store: JointRecordStore;
  readonly lanePublicKeyRaw: string;
  /** The same data through a new store: what a restart sees. */
  reopen(): Promise<JointRecordStore>;
  dispose(): Promise<void>;
}

/** What a test of the contract works with. Its members are the running test's own: a new subject each. */
export interface ContractBench extends Walker {
  readonly subject: ContractSubject;
  readonly walker: Walker;
  state(recordId: string): Promise<string>;
  outbox(side: Side): Promise<readonly OutboxNotice[]>;
}

/** A bench whose subject is replaced before each test; `current` gives the one of the running test. */
export function contractBench(
  current: () => { readonly subject: ContractSubject; readonly clock: FakeClock; readonly controls: Controls },
): ContractBench {
  const store = (): JointRecordStore => current().subject.store;
  return {
    get subject() {
      return current().subject;
    },
    get store() {
      return store();
    },
    get clock() {
      return current().clock;
    },
    get controls() {
      return current().controls;
    },
    get walker() {
      const { clock, controls } = current();
      return { store: store(), clock, controls };
    },
    state: async (recordId) => unwrap(await store().read(recordId)).state,
    outbox: async (side) => unwrap(await store().outbox(side, 100)),
  };
}

/** A result that says no with this code. */
export function refused(code: StoreError['code'], more: object = {}) {
  return { ok: false, error: { code, ...more } };
}
