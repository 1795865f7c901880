import { CardDocument, PassportDocument, PermitDocument } from './documents.tsx';
import { Picture } from './picture.tsx';

/** The reader's glass seen from above; the traveller stands at the lower edge. */
export function Glass() {
  return (
    <>
      <rect className="reader-body" x="50" y="20" width="380" height="300" rx="36" />
      <rect className="reader-glass" x="78" y="48" width="324" height="244" rx="16" />
    </>
  );
}

/** A document comes from the traveller and is laid on the glass: card, passport and permit in turn. */
export function PlaceDocumentPicture() {
  return (
    <Picture name="place-document">
      <Glass />
      <path className="place-arrow" d="M240 462 V372 M200 410 L240 370 L280 410" />
      <g transform="translate(240 170)">
        <g className="turn turn-1">
          <g className="slide-in">
            <CardDocument />
          </g>
        </g>
        <g className="turn turn-2">
          <g className="slide-in">
            <g transform="translate(0 20) scale(0.78)">
              <PassportDocument />
            </g>
          </g>
        </g>
        <g className="turn turn-3">
          <g className="slide-in">
            <PermitDocument />
          </g>
        </g>
      </g>
    </Picture>
  );
}

/** The document lies on the glass and a line of light passes over it. */
export function ReadingDocumentPicture() {
  return (
    <Picture name="reading-document">
      <g transform="translate(0 70)">
        <Glass />
        <g transform="translate(240 170)">
          <CardDocument />
        </g>
        <path className="scan-light" d="M92 60 H388" />
      </g>
    </Picture>
  );
}
