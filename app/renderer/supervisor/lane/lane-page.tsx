import { useTranslation } from 'react-i18next';
import type { Permission } from '../../../contract/supervisor-console.ts';
import type { SupervisorAction, SupervisorView } from '../../../contract/supervisor-view.ts';
import { AlarmPanel } from '../alarms/alarm-panel.tsx';
import { useConsoleContext } from '../console/use-console.ts';
import { FigureStrip } from '../figure-strip.tsx';
import { ReferralPanel } from '../referral/referral-panel.tsx';
import { TimelinePanel } from '../timeline-panel.tsx';
import { LanePanel } from './lane-panel.tsx';

/** One lane in front of the officer: where it stands, who waits, what is wrong, what happened. */
export function LanePage({ view, may }: { view: SupervisorView; may: readonly Permission[] }) {
  const { t } = useTranslation();
  const { ask, say } = useConsoleContext();
  const act = async (action: SupervisorAction): Promise<boolean> => {
    const reply = await ask({ type: 'act', laneId: view.laneId, action });
    if (!reply.ok) say({ error: reply.error, done: null });
    else if (action.type !== 'acknowledgeAlarm') say({ error: null, done: t(`done.${action.type}`) });
    return reply.ok;
  };
  return (
    <>
      <FigureStrip view={view} />
      <main className="cockpit" data-referrals={view.referrals.length > 0}>
        <LanePanel
          view={view}
          mayService={may.includes('service')}
          onService={(inService) => void act({ type: 'setService', inService })}
          onReverse={() => void act({ type: 'reverseLane' })}
          onGoAlone={() => void act({ type: 'allowLaneOnly' })}
          onDoors={
            may.includes('doors')
              ? (order) =>
                  void act(
                    order === 'emergency'
                      ? { type: 'emergencyRelease' }
                      : { type: 'blockDoors', blocked: order === 'block' },
                  )
              : null
          }
        />
        <ReferralPanel
          laneId={view.laneId}
          referrals={view.referrals}
          mayResolve={may.includes('resolve')}
          onAct={act}
        />
        <AlarmPanel
          alarms={view.alarms}
          onAcknowledge={
            may.includes('acknowledge') ? (alarmId) => void act({ type: 'acknowledgeAlarm', alarmId }) : null
          }
        />
        <TimelinePanel timeline={view.timeline} />
      </main>
    </>
  );
}
