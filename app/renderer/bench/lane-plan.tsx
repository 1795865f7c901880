import { useTranslation } from 'react-i18next';
import type { BenchAction, BenchView } from '../../contract/bench-messages.ts';

interface LanePlanProps {
  readonly doors: BenchView['doors'];
  readonly place: BenchView['place'];
  readonly onAct: (action: BenchAction) => void;
}

const MOVES = ['walkIn', 'walkBack', 'tailgate'] as const;

/** The lane from above, walked from left to right, with what a body can do at each door. */
export function LanePlan({ doors, place, onAct }: LanePlanProps) {
  const { t } = useTranslation();
  // Behind the last door is the other side; between doors are the chambers.
  const spaceAfter = (index: number): BenchView['place'] =>
    index === doors.length - 1 ? 'through' : index === 0 ? 'chamberA' : 'chamberB';
  const space = (name: BenchView['place']) => (
    <div className="space" data-place={name} data-here={name === place}>
      <span className="space-person" aria-hidden="true" />
      <span className="space-name">{t(`places.${name}`)}</span>
    </div>
  );
  return (
    <div className="plan">
      {space('outside')}
      {doors.map(({ door, open, lamp }, index) => (
        <div key={door} className="plan-part">
          <fieldset className="door" data-door={door} data-open={open}>
            <legend className="door-name">{t('lane.door', { door })}</legend>
            <span
              className="door-lamp"
              data-lamp={lamp}
              role="img"
              aria-label={t('lane.lamp', { lamp: t(`lamps.${lamp}`) })}
            />
            <span className="door-leaves" aria-hidden="true">
              <span />
              <span />
            </span>
            <span className="door-state">{t(open ? 'lane.open' : 'lane.shut')}</span>
            <span className="door-moves">
              {MOVES.map((move) => (
                <button key={move} type="button" className="button" onClick={() => onAct({ type: move, door })}>
                  {t(`lane.${move}`)}
                </button>
              ))}
            </span>
          </fieldset>
          {space(spaceAfter(index))}
        </div>
      ))}
    </div>
  );
}
