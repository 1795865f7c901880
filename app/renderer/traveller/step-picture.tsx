import type { DocumentAdvice, TravellerStep } from '../../contract/traveller-view.ts';
import { AdvicePicture } from './pictures/advice.tsx';
import { GatePicture } from './pictures/gate.tsx';
import { GoArrow, type WalkDirection } from './pictures/go-arrow.tsx';
import { PlaceDocumentPicture, ReadingDocumentPicture } from './pictures/reader.tsx';
import {
  ClosedPicture,
  DonePicture,
  GoBackPicture,
  LeavePicture,
  OfficerPicture,
  StopHandPicture,
} from './pictures/signs.tsx';

interface StepPictureProps {
  readonly step: Exclude<TravellerStep, 'lookHere'>;
  readonly walk: WalkDirection;
  /** What was wrong with the document, for `documentAgain`. */
  readonly advice?: DocumentAdvice | null;
}

/** The one picture of a step. `lookHere` has none: its picture is the traveller. */
export function StepPicture({ step, walk, advice = null }: StepPictureProps) {
  switch (step) {
    case 'starting':
      return <GatePicture door="shut" figure={false} />;
    case 'attract':
      return <PlaceDocumentPicture />;
    case 'readingDocument':
      return <ReadingDocumentPicture />;
    case 'documentAgain':
      return <AdvicePicture advice={advice} />;
    case 'walkIn':
    case 'walkOn':
      return <GatePicture door="opening" figure />;
    case 'pleaseWait':
    case 'waitForEntry':
      return <GatePicture door="shut" figure />;
    case 'goThrough':
      return <GoArrow walk={walk} />;
    case 'thankYou':
      return <DonePicture />;
    case 'goBack':
      return <GoBackPicture />;
    case 'stepBack':
      return <StopHandPicture />;
    case 'seeOfficer':
      return <OfficerPicture />;
    case 'outOfService':
      return <ClosedPicture />;
    case 'emergency':
      return <LeavePicture />;
  }
}
