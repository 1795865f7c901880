import type { FrameAssessment } from '../../models/face/worker-messages.ts';
import type { FaceMatcher } from './capture-desk.ts';

/** A matcher whose assessments somebody else sees as well; what it answers stays what it is. */
export function watchedMatcher(
  matcher: FaceMatcher,
  onAssessed: (assessment: FrameAssessment, frameHeight: number) => void,
): FaceMatcher {
  return {
    setReference: (id, portrait) => matcher.setReference(id, portrait),
    release: (id) => matcher.release(id),
    assess: async (id, frame) => {
      const { height } = frame;
      const assessed = await matcher.assess(id, frame);
      if (assessed.ok) onAssessed(assessed.value, height);
      return assessed;
    },
  };
}
