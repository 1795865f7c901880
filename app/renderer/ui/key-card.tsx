import { useEffect, useRef } from 'react';
import { Kbd } from './kbd.tsx';

interface KeyCardProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly rows: readonly { readonly id: string; readonly keys: readonly string[]; readonly text: string }[];
  readonly onClose: () => void;
}

/** All keys of a window on one card; Escape closes it. */
export function KeyCard({ title, closeLabel, rows, onClose }: KeyCardProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="key-card" aria-label={title} onClose={onClose}>
      <div className="panel-head">
        <h2 className="panel-title">{title}</h2>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {closeLabel}
          <Kbd>Esc</Kbd>
        </button>
      </div>
      <dl>
        {rows.map(({ id, keys, text }) => (
          <div key={id}>
            <dt className="keys">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
