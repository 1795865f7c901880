import type { DocumentAdvice } from '../../../contract/traveller-view.ts';
import { CardDocument } from './documents.tsx';
import { Picture } from './picture.tsx';
import { Glass } from './reader.tsx';

/** What to do with a document that could not be used. Without advice: lay it down again. */
export function AdvicePicture({ advice }: { advice: DocumentAdvice | null }) {
  switch (advice) {
    case 'wrongSide':
      return <TurnOverPicture />;
    case 'tooShort':
      return <KeepOnReaderPicture />;
    case 'unreadable':
    case null:
      return <LayFlatPicture />;
  }
}

/** The document is lifted, turned over and laid flat again. */
function TurnOverPicture() {
  return (
    <Picture name="turn-over">
      <g transform="translate(0 96)">
        <Glass />
        <g transform="translate(240 170)">
          <g className="turn-over">
            <CardDocument />
          </g>
        </g>
      </g>
      <path className="turn-arrow" d="M138 84 A102 66 0 0 1 342 84 M308 52 L342 88 L376 52" />
    </Picture>
  );
}

/** The document lies still, and a clock runs. */
function KeepOnReaderPicture() {
  return (
    <Picture name="keep-on-reader">
      <g transform="translate(0 70)">
        <Glass />
        <g transform="translate(240 170)">
          <CardDocument />
        </g>
      </g>
      <circle className="advice-badge" cx="384" cy="112" r="74" />
      <path className="advice-badge-line advice-clock-hand" d="M384 112 V66" />
      <path className="advice-badge-line" d="M384 112 L414 130" />
    </Picture>
  );
}

/** The document comes down flat onto the glass, its lines towards it. */
function LayFlatPicture() {
  return (
    <Picture name="lay-flat">
      <g transform="translate(0 120)">
        <Glass />
        <g transform="translate(240 170)">
          <g className="lay-flat">
            <CardDocument />
          </g>
        </g>
      </g>
      <path className="turn-arrow" d="M240 22 V112 M200 74 L240 114 L280 74" />
    </Picture>
  );
}
