import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleReply } from '../../../contract/supervisor-console.ts';
import { NumberField, PinField } from '../../ui/officer-fields.tsx';
import { ErrorText } from '../console/error-text.tsx';

export interface PinFields {
  readonly officer: string;
  readonly pin: string;
  readonly newPin: string | null;
}

interface PinFormProps {
  /** Asks for the service number too. */
  readonly withNumber: boolean;
  readonly submitLabel: string;
  readonly onSubmit: (fields: PinFields) => Promise<ConsoleReply>;
  /** Called after a reply that was a yes. */
  readonly onDone?: () => void;
}

/** Service number and PIN, and, when the PIN was given by an administrator, a new one typed twice. Nothing typed here outlives an answer. */
export function PinForm({ withNumber, submitLabel, onSubmit, onDone }: PinFormProps) {
  const { t } = useTranslation();
  const [officer, setOfficer] = useState('');
  const [pin, setPin] = useState('');
  const [newPin, setNewPin] = useState('');
  const [again, setAgain] = useState('');
  const [choosing, setChoosing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [reply, setReply] = useState<ConsoleReply | null>(null);
  const [differ, setDiffer] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const chosen = useRef<HTMLInputElement>(null);
  useEffect(() => (choosing ? chosen : first).current?.focus(), [choosing]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setDiffer(choosing && newPin !== again);
    if (choosing && newPin !== again) return;
    setBusy(true);
    const answer = await onSubmit({ officer: officer.trim().toUpperCase(), pin, newPin: choosing ? newPin : null });
    setBusy(false);
    const choose = !answer.ok && (answer.error.code === 'pinToBeChanged' || answer.error.code === 'pinTooSimple');
    setReply(!answer.ok && answer.error.code === 'pinToBeChanged' ? null : answer);
    setNewPin('');
    setAgain('');
    if (choose && withNumber) {
      setChoosing(true);
      return;
    }
    setChoosing(false);
    setPin('');
    if (answer.ok) onDone?.();
    else first.current?.focus();
  };

  return (
    <form className="pin-form" onSubmit={(event) => void submit(event)} autoComplete="off">
      {withNumber ? (
        <NumberField
          label={t('signIn.number')}
          name="officer"
          value={officer}
          onChange={setOfficer}
          inputRef={first}
          readOnly={choosing}
        />
      ) : null}
      <PinField
        label={t('signIn.pin')}
        name="pin"
        value={pin}
        onChange={setPin}
        {...(withNumber ? {} : { inputRef: first })}
      />
      {choosing ? (
        <>
          <p className="pin-note">{t('signIn.choose')}</p>
          <PinField label={t('signIn.newPin')} name="newPin" value={newPin} onChange={setNewPin} inputRef={chosen} />
          <PinField label={t('signIn.again')} name="again" value={again} onChange={setAgain} />
        </>
      ) : null}
      <div className="pin-answer" role="alert">
        {differ ? <p className="error-text">{t('signIn.differ')}</p> : null}
        {!differ && reply !== null && !reply.ok ? <ErrorText error={reply.error} /> : null}
      </div>
      <button
        type="submit"
        className="button button-main"
        disabled={
          busy || pin.length < 6 || (withNumber && officer.trim().length < 3) || (choosing && newPin.length < 6)
        }
      >
        {busy ? t('signIn.checking') : submitLabel}
      </button>
    </form>
  );
}
