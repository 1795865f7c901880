import type { Documents } from '../distribution/documents.ts';
import type { LaneActions } from '../feed/lane-actions.ts';
import type { LaneViews } from '../feed/lane-views.ts';
import type { CollectedJournals } from '../journals/collected-journals.ts';
import type { PortRecords } from '../records/port-records.ts';

/** What the routes of both ports work with. */
export interface HubParts {
  readonly records: PortRecords;
  readonly documents: Documents;
  readonly journals: CollectedJournals;
  readonly views: LaneViews;
  readonly actions: LaneActions;
}
