import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagnosedDevice, Workbench } from '../../../contract/diagnostics-view.ts';
import { STATE_TONES } from '../pages.ts';
import { Code, ToneTag } from '../words.tsx';
import { LatencyChart } from './latency-chart.tsx';
import { TraceTable } from './trace-table.tsx';

interface DevicePageProps {
  readonly device: DiagnosedDevice;
  readonly workbench: Workbench;
  readonly children: ReactNode;
}

const OWN_TRACE_LINES = 12;

/** Health and counters, how fast it answers, its tests, and the last lines of its trace. */
export function DevicePage({ device, workbench, children }: DevicePageProps) {
  return (
    <>
      <HealthPanel device={device} workbench={workbench} />
      {children}
      <TraceTable lines={workbench.trace.filter((line) => line.device === device).slice(-OWN_TRACE_LINES)} />
    </>
  );
}

interface HealthPanelProps {
  readonly device: DiagnosedDevice;
  readonly workbench: Workbench;
  /** Where several stand on one page. */
  readonly label?: string;
}

export function HealthPanel({ device, workbench, label }: HealthPanelProps) {
  const { t, i18n } = useTranslation();
  const health = workbench.devices.find((each) => each.device === device);
  if (health === undefined) return null;
  const { state, reason, driver, timesReady, timesLost, problems, done, quietForMs, latency } = health;
  const counts = [
    ['timesReady', timesReady],
    ['timesLost', timesLost],
    ['problems', problems],
  ] as const;
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <section className="health" aria-label={label ?? t('health.title')}>
      <div className="health-state">
        <ToneTag tone={STATE_TONES[state]}>{t(`states.${state}`)}</ToneTag>
        <Code code={reason} />
        {driver === null ? null : (
          <span className="quiet">
            {t('health.driver')} <span className="mono">{driver}</span>
          </span>
        )}
      </div>
      {state === 'notFitted' || device === 'camera' || device === 'faceEngine' ? null : (
        <dl className="counters">
          <div>
            <dt>{t(`health.done.${device}`)}</dt>
            <dd>{number.format(done)}</dd>
          </div>
          {counts.map(([name, value]) => (
            <div key={name}>
              <dt>{t(`health.${name}`)}</dt>
              <dd>{number.format(value)}</dd>
            </div>
          ))}
          <div>
            <dt>{t('health.quietFor')}</dt>
            <dd>
              {quietForMs === null
                ? t('health.never')
                : t('health.ago', { seconds: number.format(Math.round(quietForMs / 1000)) })}
            </dd>
          </div>
        </dl>
      )}
      {latency === null ? null : <LatencyChart latency={latency} />}
    </section>
  );
}
