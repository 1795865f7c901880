import type { Result } from '../contract/result.ts';
import type { CrossingFact } from '../domain/crossing/facts.ts';
import type { CrossingSnapshot } from '../domain/crossing/step.ts';
import type { RecordFact, RecordSnapshot, StoreError } from '../record/store.ts';
import type { CheckList } from './check-list.ts';
import type { CrossingServices } from './crossing-services.ts';

/** What the parts of one crossing have in common: its record, its machine, its checks and the lane's services. */
export interface CrossingScope {
  readonly recordId: string;
  readonly services: CrossingServices;
  readonly checks: CheckList;
  readonly snapshot: () => CrossingSnapshot;
  readonly tell: (fact: CrossingFact) => void;
  readonly append: (fact: RecordFact) => Promise<Result<RecordSnapshot, StoreError>>;
  /** The lane goes out of service and the machine hears of it. */
  readonly storeFailed: () => void;
  /** A bug in `work` is told once, and ends the crossing with an officer. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  /** Notes the moment, for the report. */
  readonly mark: (step: string) => void;
}
