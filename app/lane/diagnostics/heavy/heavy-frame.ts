/** A picture for the models, handed over by copy. */
export interface HeavyFrame {
  readonly width: number;
  readonly height: number;
  /** RGBA, rows from the top; overwritten when it was looked at. */
  readonly data: Uint8Array;
}
