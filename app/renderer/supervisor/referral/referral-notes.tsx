import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_NOTE } from '../../../contract/supervisor-view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { timeOfDay } from '../figures.ts';
import type { Material } from './referral-pictures.tsx';

interface ReferralNotesProps {
  readonly notes: Material['notes'];
  readonly onAdd: (text: string) => Promise<boolean>;
}

/** Short notes for the colleagues of the same side; gone with the referral. */
export function ReferralNotes({ notes, onAdd }: ReferralNotesProps) {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useShortcuts({ e: () => field.current?.focus() });
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '' || !(await onAdd(text.trim()))) return;
    setText('');
    // The next key is an action's again, not a letter of a note.
    field.current?.blur();
  };
  return (
    <div className="notes">
      {notes.length === 0 ? null : (
        <ul className="note-list">
          {notes.map((note) => (
            <li key={`${note.at} ${note.officer}`}>
              <span className="note-head mono">
                {timeOfDay(note.at, i18n.language)} {note.officer}
              </span>{' '}
              {note.text}
            </li>
          ))}
        </ul>
      )}
      <form className="note-form" onSubmit={(event) => void add(event)}>
        <input
          ref={field}
          value={text}
          maxLength={MAX_NOTE}
          aria-label={t('referral.note')}
          placeholder={t('referral.noteHint')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') field.current?.blur();
          }}
        />
        <button type="submit" className="button" disabled={text.trim() === ''}>
          {t('referral.addNote')}
          <Kbd>E</Kbd>
        </button>
      </form>
    </div>
  );
}
