import { UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReferralView, SupervisorAction } from '../../../contract/supervisor-view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { ageText } from '../figures.ts';
import { AnswerRow } from '../lane/answer-row.tsx';
import { shortId } from '../short-id.ts';
import { CheckList } from './check-list.tsx';
import { ReferralNotes } from './referral-notes.tsx';
import { ReferralPictures, useMaterial } from './referral-pictures.tsx';
import { ReleaseDialog } from './release-dialog.tsx';
import type { ResolutionReason } from './resolution-reasons.ts';
import { ResolveForm } from './resolve-form.tsx';

interface ReferralPanelProps {
  readonly laneId: string;
  readonly referrals: readonly ReferralView[];
  /** False: this officer only looks. */
  readonly mayResolve: boolean;
  readonly onAct: (action: SupervisorAction) => Promise<boolean>;
}

/** One referral on one screen: what happened, the checks, what the controls say, what can be done. */
export function ReferralPanel({ laneId, referrals, mayResolve, onAct }: ReferralPanelProps) {
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
          {referral.walkingBack === true ? (
            <span className="tag" data-tone="attention">
              {t('referral.walkingBack')}
            </span>
          ) : null}
          {referral.kept ? (
            <span className="tag" data-tone="attention">
              {t('referral.kept')}
            </span>
          ) : null}
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
      <ReferralBody key={referral.recordId} laneId={laneId} referral={referral} mayResolve={mayResolve} onAct={onAct} />
    </section>
  );
}

interface ReferralBodyProps extends Omit<ReferralPanelProps, 'referrals'> {
  readonly referral: ReferralView;
}

function ReferralBody({ laneId, referral, mayResolve, onAct }: ReferralBodyProps) {
  const { t } = useTranslation();
  const { recordId, material: version } = referral;
  const material = useMaterial(laneId, recordId, version);
  const acts = mayResolve && referral.actions.length > 0;
  const ownSide = acts && referral.owner !== 'port';
  const [releaseFor, setReleaseFor] = useState<ResolutionReason | null>(null);
  const officers = acts ? (referral.release?.officers ?? null) : null;
  return (
    <div className="referral-body">
      {/* In a small window it scrolls, and must be reachable by keyboard then. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region */}
      <section className="referral-checks" tabIndex={0} aria-label={t('referral.checks')}>
        {ownSide ? <ReferralPictures material={material} /> : null}
        <CheckList checks={referral.checks} />
      </section>
      <div className="referral-side">
        <h3 className="section-title">{t('referral.answers')}</h3>
        <div className="referral-answers">
          {referral.answers.map((answer) => (
            <AnswerRow key={answer.side} answer={answer} explain />
          ))}
        </div>
        {ownSide ? (
          <ReferralNotes notes={material?.notes ?? []} onAdd={(text) => onAct({ type: 'addNote', recordId, text })} />
        ) : null}
        {acts ? (
          <ResolveForm
            actions={referral.actions}
            releaseOfficers={officers}
            onRelease={setReleaseFor}
            onResolve={(action, reasonCode) => void onAct({ type: 'resolveReferral', recordId, action, reasonCode })}
            onKeep={
              referral.kept || referral.place === 'outside'
                ? null
                : (reasonCode) => void onAct({ type: 'keepReferral', recordId, reasonCode })
            }
          />
        ) : (
          <p className="not-yours">{t(mayResolve ? 'referral.notYours' : 'referral.onlyLooking')}</p>
        )}
        {releaseFor === null || officers === null ? null : (
          <ReleaseDialog
            laneId={laneId}
            recordId={recordId}
            officers={officers}
            reasonCode={releaseFor}
            onClose={() => setReleaseFor(null)}
          />
        )}
      </div>
    </div>
  );
}
