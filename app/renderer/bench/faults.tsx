import { Plug, Siren, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BenchAction, BenchView } from '../../contract/bench-messages.ts';

const DEVICES = ['scanner', 'laneController'] as const;
const GARBAGE = ['cut', 'doubled', 'nonAscii', 'endless'] as const;

interface FaultsProps {
  readonly unplugged: BenchView['unplugged'];
  readonly onAct: (action: BenchAction) => void;
}

/** What can go wrong: a device unplugged, a scanner that sends rubbish, the emergency button. */
export function Faults({ unplugged, onAct }: FaultsProps) {
  const { t } = useTranslation();
  return (
    <div className="faults">
      {DEVICES.map((device) => {
        const out = unplugged.includes(device);
        return (
          <div key={device} className="fault-row" data-device={device} data-unplugged={out}>
            <span className="fault-name">
              {t(`devices.${device}`)}
              <span className="quiet">{t(out ? 'faults.unplugged' : 'faults.connected')}</span>
            </span>
            <button type="button" className="button" onClick={() => onAct({ type: out ? 'replug' : 'unplug', device })}>
              {out ? <Plug size={16} aria-hidden="true" /> : <Unplug size={16} aria-hidden="true" />}
              {t(out ? 'faults.replug' : 'faults.unplug')}
            </button>
          </div>
        );
      })}
      <div className="garbage">
        <span className="fault-name">{t('faults.garbage')}</span>
        <div className="garbage-kinds">
          {GARBAGE.map((kind) => (
            <button key={kind} type="button" className="button" onClick={() => onAct({ type: 'presentGarbage', kind })}>
              {t(`garbage.${kind}`)}
            </button>
          ))}
        </div>
      </div>
      <button type="button" className="emergency" onClick={() => onAct({ type: 'pressEmergency' })}>
        <Siren size={24} aria-hidden="true" />
        <span>
          {t('faults.emergency')}
          <span className="emergency-help">{t('faults.emergencyHelp')}</span>
        </span>
      </button>
    </div>
  );
}
