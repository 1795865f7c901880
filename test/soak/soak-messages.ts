/** One crossing, as the lane under soak tells it. */
export interface CrossingLine {
  readonly type: 'crossing';
  readonly number: number;
  readonly scenario: string;
  readonly incident: string;
  readonly recordId: string;
  readonly outcome: string;
  readonly asExpected: boolean;
  /** Milliseconds from the document's lines to the last door's command; null where it never opened. */
  readonly lastDoorMs: number | null;
}

export type FromLaneUnderSoak =
  | { readonly type: 'ready'; readonly dataFolder: string }
  | CrossingLine
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'done' };
