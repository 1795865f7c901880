import { ArrowLeftRight, DoorClosed, DoorOpen, Lock, LockOpen, Siren, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SupervisorView } from '../../../contract/supervisor-view.ts';
import { HoldButton } from '../../ui/hold-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Detail } from '../detail.tsx';
import { ageText } from '../figures.ts';
import { shortId } from '../short-id.ts';
import { AnswerRow } from './answer-row.tsx';
import { ConsoleTrack } from './console-track.tsx';
import { DoorPlan } from './door-plan.tsx';

interface LanePanelProps {
  readonly view: SupervisorView;
  readonly mayService: boolean;
  readonly onService: (inService: boolean) => void;
  /** No hub answers: the officer takes the responsibility for the lane's going on without one. */
  readonly onGoAlone: () => void;
  readonly onReverse: () => void;
  /** Null: this officer has nothing to do with doors. */
  readonly onDoors: ((order: 'block' | 'unblock' | 'emergency') => void) | null;
}

/** One lane at a glance: where the traveller is, for how long, what the doors and devices do. */
export function LanePanel({ view, mayService, onService, onGoAlone, onReverse, onDoors }: LanePanelProps) {
  const { t, i18n } = useTranslation();
  const now = useNow(1000);
  const { inService, record, step } = view;
  // Out of service for another reason it can still be closed, so that it stays closed when that reason is gone.
  const closed =
    !inService &&
    (view.outOfServiceReasons.length === 0 ||
      view.outOfServiceReasons.some((reason) => reason === 'closedByOfficer' || reason === 'laneToBeChecked'));
  const [referral] = view.referrals;
  const blocked = view.outOfServiceReasons.some((reason) => reason === 'blockedByOfficer' || reason === 'emergency');
  return (
    <section className="panel lane" data-step={step} aria-label={`${t('lane.title')} ${view.laneId}`}>
      <header className="panel-head lane-head">
        <h2 className="lane-name">
          {view.laneId}
          <span className="lane-direction">
            {view.direction.from} → {view.direction.to}
          </span>
        </h2>
        <span className="tag" data-tone={inService ? 'go' : 'stop'}>
          {t(inService ? 'lane.inService' : 'lane.outOfService')}
        </span>
      </header>
      {/* With much to say it scrolls, and must be reachable by keyboard then. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region */}
      <section className="panel-body lane-body" tabIndex={0} aria-label={t('lane.track')}>
        {view.outOfServiceReasons.length === 0 ? null : (
          <ul className="lane-reasons">
            {view.outOfServiceReasons.map((reason) => (
              <li key={reason}>
                <Detail codes={reason} />
              </li>
            ))}
          </ul>
        )}
        {view.mayGoAlone === true && mayService ? (
          <HoldButton
            label={t('lane.goAlone')}
            note={t('lane.goAloneNote')}
            shortcut="i"
            icon={<Unplug size={22} />}
            tone="neutral"
            disabled={false}
            onDone={onGoAlone}
          />
        ) : null}
        {view.mayReverse === true ? (
          <HoldButton
            label={t('lane.reverse')}
            note={t('lane.reverseNote')}
            shortcut="9"
            icon={<ArrowLeftRight size={22} />}
            tone="neutral"
            disabled={false}
            onDone={onReverse}
          />
        ) : null}
        <div className="lane-step">
          <p className="lane-step-name">{t(`steps.${step}`)}</p>
          <p className="lane-step-age">
            <b>{ageText(Date.parse(view.stepSince), now, i18n.language)}</b> {t('lane.inStep')}
          </p>
        </div>
        <ConsoleTrack reached={view.stationsReached} live={record !== null} />
        <p className="lane-record">
          {record === null ? (
            t('lane.noCrossing')
          ) : (
            <>
              {t('lane.crossing')} <span className="mono">{shortId(record.recordId)}</span>
              <span className="tag">{t(`recordStates.${record.state}`)}</span>
            </>
          )}
        </p>
        <DoorPlan doors={view.doors} place={referral?.place ?? null} />
        {record === null || record.recordId === referral?.recordId ? null : (
          <div className="lane-answers">
            {view.answers.map((answer) => (
              <AnswerRow key={answer.side} answer={answer} explain={false} />
            ))}
          </div>
        )}
        <ul className="lane-devices" aria-label={t('lane.devices')}>
          {view.devices.map((device) => (
            <li key={device.name} className="device" data-state={device.state}>
              <span className="device-dot" aria-hidden="true" />
              <span className="device-name">{t(`deviceNames.${device.name}`, { defaultValue: device.name })}</span>
              <span className="device-state">{t(`deviceStates.${device.state}`)}</span>
              {device.detail === null ? null : (
                <span className="device-detail">
                  <Detail codes={device.detail} />
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <footer className="lane-foot">
        {!mayService ? null : !closed ? (
          <HoldButton
            label={t('lane.close')}
            note={t('lane.closeNote')}
            shortcut="c"
            icon={<DoorClosed size={22} />}
            tone="stop"
            disabled={false}
            onDone={() => onService(false)}
          />
        ) : (
          <HoldButton
            label={t('lane.open')}
            note={t('lane.openNote')}
            shortcut="o"
            icon={<DoorOpen size={22} />}
            tone="go"
            disabled={false}
            onDone={() => onService(true)}
          />
        )}
        {onDoors === null ? null : (
          <div className="lane-doors">
            {blocked ? (
              <HoldButton
                label={t('lane.unblock')}
                note={t('lane.unblockNote')}
                shortcut="d"
                icon={<LockOpen size={18} />}
                tone="neutral"
                disabled={false}
                onDone={() => onDoors('unblock')}
              />
            ) : (
              <HoldButton
                label={t('lane.block')}
                note={t('lane.blockNote')}
                shortcut="d"
                icon={<Lock size={18} />}
                tone="stop"
                disabled={false}
                onDone={() => onDoors('block')}
              />
            )}
            <HoldButton
              label={t('lane.emergency')}
              note={t('lane.emergencyNote')}
              shortcut="y"
              icon={<Siren size={18} />}
              tone="stop"
              disabled={false}
              onDone={() => onDoors('emergency')}
            />
          </div>
        )}
      </footer>
    </section>
  );
}
