import { DoorOpen, Hourglass, Undo2, UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeavingAction } from '../../../contract/crossing.ts';
import { HoldButton } from '../../ui/hold-button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { RESOLUTION_REASONS, type ResolutionReason } from './resolution-reasons.ts';

const LOOKS = {
  handedToManualLane: { shortcut: 'm', tone: 'progress', icon: <UserRoundCheck size={22} /> },
  sentBack: { shortcut: 'b', tone: 'stop', icon: <Undo2 size={22} /> },
} as const satisfies Record<LeavingAction, unknown>;

/** The gentler action first, always in the same place: what is held by habit must not change under the hand. */
const ORDER = ['handedToManualLane', 'sentBack'] as const satisfies readonly LeavingAction[];

interface ResolveFormProps {
  readonly actions: readonly LeavingAction[];
  readonly onResolve: (action: LeavingAction, reasonCode: ResolutionReason) => void;
  /** Null where nobody stands in a chamber, or somebody keeps them already. */
  readonly onKeep: ((reasonCode: ResolutionReason) => void) | null;
  /** How many officers a release takes; null where this one can't be released. */
  readonly releaseOfficers: number | null;
  readonly onRelease: (reasonCode: ResolutionReason) => void;
}

/** A reason, then an action held until it is meant. Keeping the traveller can be taken back, so it is a single press. */
export function ResolveForm({ actions, onResolve, onKeep, releaseOfficers, onRelease }: ResolveFormProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<ResolutionReason | null>(null);
  const keep = () => {
    if (reason !== null) onKeep?.(reason);
  };
  const release = () => {
    if (reason !== null && releaseOfficers !== null) onRelease(reason);
  };
  useShortcuts({
    ...Object.fromEntries(RESOLUTION_REASONS.map((code, index) => [String(index + 1), () => setReason(code)])),
    f: keep,
    '0': release,
  });
  return (
    <div className="resolve">
      <fieldset className="reasons">
        <legend className="section-title">{t('referral.chooseReason')}</legend>
        {RESOLUTION_REASONS.map((code, index) => (
          <button
            key={code}
            type="button"
            className="button reason"
            aria-pressed={code === reason}
            onClick={() => setReason(code)}
          >
            <Kbd>{String(index + 1)}</Kbd>
            {t(`reasons.${code}`)}
          </button>
        ))}
      </fieldset>
      {onKeep === null && releaseOfficers === null ? null : (
        <div className="first-actions">
          {onKeep === null ? null : (
            <button
              type="button"
              className="button keep"
              disabled={reason === null}
              aria-keyshortcuts="f"
              onClick={keep}
            >
              <Hourglass size={16} aria-hidden="true" />
              {t('referral.keep')}
              <Kbd>F</Kbd>
            </button>
          )}
          {releaseOfficers === null ? null : (
            <button
              type="button"
              className="button release-open"
              disabled={reason === null}
              aria-keyshortcuts="0"
              onClick={release}
            >
              <DoorOpen size={16} aria-hidden="true" />
              {t(releaseOfficers > 1 ? 'release.openTwo' : 'release.open')}
              <Kbd>0</Kbd>
            </button>
          )}
        </div>
      )}
      <div className="actions">
        {ORDER.filter((action) => actions.includes(action)).map((action) => {
          const { shortcut, tone, icon } = LOOKS[action];
          return (
            <HoldButton
              key={action}
              label={t(`actions.${action}`)}
              note={t(reason === null ? 'referral.reasonFirst' : `actionNotes.${action}`)}
              shortcut={shortcut}
              icon={icon}
              tone={tone}
              disabled={reason === null}
              onDone={() => {
                if (reason !== null) onResolve(action, reason);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}
