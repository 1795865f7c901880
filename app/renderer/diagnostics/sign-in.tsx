import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagnosticsAction } from '../../contract/diagnostics-actions.ts';
import type { DiagnosticsView } from '../../contract/diagnostics-view.ts';
import { officerNumberSchema, pinSchema } from '../../contract/officer-account.ts';
import { NumberField, PinField } from '../ui/officer-fields.tsx';
import { Code } from './words.tsx';

interface SignInProps {
  readonly view: DiagnosticsView;
  readonly onSignIn: (action: DiagnosticsAction) => void;
}

/** Number and PIN; a new PIN where the one given is an administrator's. Fields are emptied when an answer has come. */
export function SignIn({ view: { signIn }, onSignIn }: SignInProps) {
  const { t } = useTranslation();
  const [officer, setOfficer] = useState('');
  const [pin, setPin] = useState('');
  const [newPin, setNewPin] = useState('');
  const first = useRef<HTMLInputElement>(null);
  const asksNew = signIn.problem === 'pinToBeChanged' || signIn.problem === 'pinTooSimple';
  useEffect(() => first.current?.focus(), []);
  useEffect(() => {
    // What was wrong must not stand in the field for the next hand.
    if (signIn.problem !== null && !asksNew) setPin('');
  }, [signIn.problem, asksNew]);

  const number = officer.trim().toUpperCase();
  const complete =
    officerNumberSchema.safeParse(number).success &&
    pinSchema.safeParse(pin).success &&
    (!asksNew || pinSchema.safeParse(newPin).success);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!complete || signIn.busy) return;
    onSignIn({ type: 'signIn', officer: number, pin, newPin: asksNew ? newPin : null });
  };
  return (
    <main className="gate">
      <form className="panel gate-panel" onSubmit={submit}>
        <h2 className="gate-title">{t('signIn.title')}</h2>
        <p className="quiet">{t('signIn.why')}</p>
        <NumberField
          label={t('signIn.officer')}
          value={officer}
          onChange={setOfficer}
          inputRef={first}
          className="mono"
        />
        <PinField label={t('signIn.pin')} value={pin} onChange={setPin} className="mono" />
        {asksNew ? <PinField label={t('signIn.newPin')} value={newPin} onChange={setNewPin} className="mono" /> : null}
        <p className="gate-problem" role="alert">
          {signIn.problem === null ? null : <Code code={signIn.problem} />}{' '}
          {signIn.waitSeconds === null || signIn.waitSeconds === 0
            ? null
            : t('signIn.wait', { seconds: signIn.waitSeconds })}
        </p>
        <button type="submit" className="button button-main" disabled={!complete || signIn.busy}>
          {t(signIn.busy ? 'signIn.busy' : 'signIn.submit')}
        </button>
      </form>
    </main>
  );
}
