import type { SampleFrame } from '../../../contract/diagnostics-actions.ts';
import type { PictureMeasures } from './measure.ts';

/** `grab`: give this picture back as pixels as well, for a presentation attack sample. */
export interface ToMeasureWorker {
  readonly bitmap: ImageBitmap;
  readonly grab: boolean;
}

export interface FromMeasureWorker {
  readonly measures: PictureMeasures;
  readonly frame: SampleFrame | null;
}
