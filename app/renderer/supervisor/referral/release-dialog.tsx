import { DoorOpen } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleError, ConsoleRequest } from '../../../contract/supervisor-console.ts';
import { HoldButton } from '../../ui/hold-button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { NumberField, PinField } from '../../ui/officer-fields.tsx';
import { ErrorText } from '../console/error-text.tsx';
import { useConsoleContext } from '../console/use-console.ts';
import type { ResolutionReason } from './resolution-reasons.ts';

interface ReleaseDialogProps {
  readonly laneId: string;
  readonly recordId: string;
  /** How many different officers of the side it takes. */
  readonly officers: number;
  readonly reasonCode: ResolutionReason;
  readonly onClose: () => void;
}

type Step = 'own' | 'second' | 'act';
interface Failure {
  readonly step: Step;
  readonly error: ConsoleError;
}

/**
 * Who releases proves who they are once more; where the control refuses or a watchlist is behind it, a second officer of the
 * side signs beside them. Then the release is held, as everything that cannot be taken back. No PIN outlives a try.
 */
export function ReleaseDialog({ laneId, recordId, officers, reasonCode, onClose }: ReleaseDialogProps) {
  const { t } = useTranslation();
  const { ask, say } = useConsoleContext();
  const dialog = useRef<HTMLDialogElement>(null);
  const ownField = useRef<HTMLInputElement>(null);
  const numberField = useRef<HTMLInputElement>(null);
  const [pin, setPin] = useState('');
  const [number, setNumber] = useState('');
  const [secondPin, setSecondPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const two = officers > 1;
  useEffect(() => {
    dialog.current?.showModal();
    ownField.current?.focus();
  }, []);

  const release = async () => {
    setBusy(true);
    setFailure(null);
    const second = number.trim().toUpperCase();
    const steps: readonly (readonly [Step, ConsoleRequest])[] = [
      ['own', { type: 'authenticate', pin }],
      ...(two
        ? ([['second', { type: 'secondOfficer', officer: second, pin: secondPin, recordId }]] as const)
        : ([] as const)),
      ['act', { type: 'act', laneId, action: { type: 'releaseReferral', recordId, reasonCode } }],
    ];
    for (const [step, request] of steps) {
      const reply = await ask(request);
      if (reply.ok) continue;
      setBusy(false);
      setFailure({ step, error: reply.error });
      setPin('');
      setSecondPin('');
      (step === 'second' ? numberField : ownField).current?.focus();
      return;
    }
    say({ error: null, done: t('done.releaseReferral') });
    dialog.current?.close();
  };

  const said = (step: Step) => (
    <div className="pin-answer" role="alert">
      {failure?.step === step ? <ErrorText error={failure.error} /> : null}
    </div>
  );
  const ready = pin.length >= 6 && (!two || (number.trim().length >= 3 && secondPin.length >= 6));
  return (
    // Keys that are pressed in here are nobody else's: behind it, every letter is a shortcut.
    <dialog
      ref={dialog}
      className="key-card release-dialog"
      aria-label={t('release.title')}
      onClose={onClose}
      onKeyDown={ownKeys}
      onKeyUp={ownKeys}
    >
      <div className="panel-head">
        <h2 className="panel-title">{t('release.title')}</h2>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {t('release.cancel')}
          <Kbd>Esc</Kbd>
        </button>
      </div>
      <div className="release-body">
        <p className="pin-note">{t(two ? 'release.explainTwo' : 'release.explain')}</p>
        <p className="release-reason">
          <span className="section-title">{t('referral.chooseReason')}</span> {t(`reasons.${reasonCode}`)}
        </p>
        <fieldset className="release-officer" disabled={busy}>
          <PinField label={t('release.yourPin')} name="pin" value={pin} onChange={setPin} inputRef={ownField} />
          {said('own')}
        </fieldset>
        {two ? (
          <fieldset className="release-officer" disabled={busy}>
            <legend className="section-title">{t('release.second')}</legend>
            <NumberField
              label={t('signIn.number')}
              name="secondOfficer"
              value={number}
              onChange={setNumber}
              inputRef={numberField}
            />
            <PinField label={t('signIn.pin')} name="secondPin" value={secondPin} onChange={setSecondPin} />
            {said('second')}
          </fieldset>
        ) : null}
        {said('act')}
        <HoldButton
          label={t(busy ? 'release.checking' : 'release.hold')}
          note={t('actionNotes.released')}
          shortcut="Enter"
          icon={<DoorOpen size={22} />}
          tone="go"
          disabled={busy || !ready}
          onDone={() => void release()}
        />
      </div>
    </dialog>
  );
}

function ownKeys(event: KeyboardEvent): void {
  event.stopPropagation();
}
