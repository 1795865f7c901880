import { UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResolutionAction } from '../../../contract/crossing.ts';
import type { ReferralView } from '../../../contract/supervisor-view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { ageText } from '../figures.ts';
import { AnswerRow } from '../lane/answer-row.tsx';
import { shortId } from '../short-id.ts';
import { CheckList } from './check-list.tsx';
import type { ResolutionReason } from './resolution-reasons.ts';
import { ResolveForm } from './resolve-form.tsx';

interface ReferralPanelProps {
  readonly referrals: readonly ReferralView[];
  readonly onResolve: (recordId: string, action: ResolutionAction, reasonCode: ResolutionReason) => void;
}

/** One referral on one screen: what happened, the checks, what the controls say, what can be done. */
export function ReferralPanel({ referrals, onResolve }: ReferralPanelProps) {
  const { t, i18n } = useTranslation();
  const now = useNow(1000);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const index = Math.max(
    0,
    referrals.findIndex(({ recordId }) => recordId === chosenId),
  );
  const referral = referrals[index];
  const next = () => setChosenId(referrals[(index + 1) % referrals.length]?.recordId ?? null);
  useShortcuts({ r: next });

  if (referral === undefined) {
    return (
      <section className="panel referral" aria-label={t('referral.title')}>
        <div className="empty">
          <UserRoundCheck size={40} strokeWidth={1.5} aria-hidden="true" />
          <p className="empty-title">{t('referral.none')}</p>
          <p>{t('referral.noneHelp')}</p>
        </div>
      </section>
    );
  }
  return (
    <section className="panel referral" data-owner={referral.owner} aria-label={t('referral.title')}>
      <header className="referral-head">
        <div className="referral-facts">
          <span className="tag" data-owner={referral.owner}>
            {t(`owners.${referral.owner}`)}
          </span>
          <span>{t(`places.${referral.place}`)}</span>
          <span>
            {t('referral.waitingFor')} <b>{ageText(Date.parse(referral.since), now, i18n.language)}</b>
          </span>
          <span className="mono">{shortId(referral.recordId)}</span>
          {referrals.length > 1 ? (
            <button type="button" className="button referral-next" onClick={next}>
              {t('referral.position', { index: index + 1, total: referrals.length })}
              <Kbd>R</Kbd>
              <span className="visually-hidden">{t('referral.next')}</span>
            </button>
          ) : null}
        </div>
        <h2 className="referral-title">{t(`referralCodes.${referral.code}`)}</h2>
      </header>
      <div className="referral-body">
        <div className="referral-checks">
          <h3 className="section-title">{t('referral.checks')}</h3>
          <CheckList checks={referral.checks} />
        </div>
        <div className="referral-side">
          <h3 className="section-title">{t('referral.answers')}</h3>
          <div className="referral-answers">
            {referral.answers.map((answer) => (
              <AnswerRow key={answer.side} answer={answer} explain />
            ))}
          </div>
          {referral.actions.length === 0 ? (
            <p className="not-yours">{t('referral.notYours')}</p>
          ) : (
            <ResolveForm
              key={referral.recordId}
              actions={referral.actions}
              onResolve={(action, reason) => onResolve(referral.recordId, action, reason)}
            />
          )}
        </div>
      </div>
    </section>
  );
}
