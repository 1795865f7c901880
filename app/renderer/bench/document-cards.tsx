import { User } from 'lucide-react';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { BenchView } from '../../contract/bench-messages.ts';
import { documentKind } from './document-kind.ts';

interface DocumentCardsProps {
  readonly documents: BenchView['documents'];
  readonly onPresent: (documentId: string) => void;
}

/** Specimens as they lie in a drawer: one touch lays a document on the reader. */
export function DocumentCards({ documents, onPresent }: DocumentCardsProps) {
  const { t } = useTranslation();
  return (
    <ul className="specimens">
      {documents.map(({ id, title, story, lines }) => {
        const kind = documentKind(lines);
        const [holder, ...rest] = title.split(', ');
        // The lines fill the card's width whatever their length is.
        const chars = Math.max(1, ...lines.map((line) => line.length));
        return (
          <li key={id} className="specimen-item">
            <button
              type="button"
              className="specimen"
              data-kind={kind}
              data-document={id}
              onClick={() => onPresent(id)}
            >
              <span className="specimen-face">
                <span className="specimen-top">
                  <span>{rest.length === 0 ? t(`documents.${kind}`) : rest.join(', ')}</span>
                  <span className="specimen-mark">SPECIMEN</span>
                </span>
                <span className="specimen-middle">
                  <span className="specimen-photo" aria-hidden="true">
                    <User size={36} strokeWidth={1.5} />
                  </span>
                  <span className="specimen-words">
                    <span className="specimen-holder">{holder}</span>
                    <span className="specimen-story">{story}</span>
                  </span>
                </span>
                <span className="specimen-lines mono" style={{ '--chars': chars } as CSSProperties} aria-hidden="true">
                  {lines.map((line) => (
                    <span key={line}>{line}</span>
                  ))}
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
