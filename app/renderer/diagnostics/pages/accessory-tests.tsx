import { useTranslation } from 'react-i18next';
import type { DeviceTest, TestResult, Workbench } from '../../../contract/diagnostics-view.ts';
import { LampButtons } from './lamp-buttons.tsx';
import type { PageProps } from './page-props.ts';
import { TestCard } from './test-card.tsx';

export const lastOf = ({ results }: Workbench, wanted: DeviceTest): TestResult | null =>
  results.find(({ test }) => test === wanted) ?? null;

/** The lamp above the lane in each colour; only an eye can say whether it shone. */
export function LampTest({ view, workbench, act }: PageProps) {
  const { t } = useTranslation();
  const busy = workbench.running !== null || view.mode !== 'inside';
  return (
    <TestCard title={t('tests.indicator')} note={t('tests.indicatorNote')} result={lastOf(workbench, 'indicator')}>
      <LampButtons
        legend={t('selfChecks.indicator')}
        shown={workbench.accessories.lamp}
        disabled={busy}
        onLamp={(lamp) => act({ type: 'showIndicator', lamp })}
      />
    </TestCard>
  );
}

/** Each place the mount goes to by itself in service, and all of them in a row. */
export function TiltTest({ view, workbench, act }: PageProps) {
  const { t, i18n } = useTranslation();
  const { tilt } = workbench.accessories;
  if (tilt === null) return null;
  const busy = workbench.running !== null || view.mode !== 'inside';
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const places = [
    ['lowest', tilt.lowestDegrees],
    ['low', tilt.lowDegrees],
    ['home', tilt.homeDegrees],
    ['highest', tilt.highestDegrees],
  ] as const;
  return (
    <TestCard title={t('tests.tilt')} note={t('tests.tiltNote')} result={lastOf(workbench, 'tilt')}>
      <fieldset className="lamps">
        <legend className="visually-hidden">{t('selfChecks.cameraTilt')}</legend>
        {places.map(([name, degrees]) => (
          <button
            key={name}
            type="button"
            className="button"
            aria-pressed={tilt.degrees === degrees}
            disabled={busy}
            onClick={() => act({ type: 'setTilt', degrees })}
          >
            {t(`tests.tiltTo.${name}`)} <span className="mono">{number.format(degrees)}°</span>
          </button>
        ))}
      </fieldset>
      <button type="button" className="button" disabled={busy} onClick={() => act({ type: 'testTilt' })}>
        {t('tests.tiltThrough')}
      </button>
    </TestCard>
  );
}

export function FaceCameraTest({ view, workbench, act }: PageProps) {
  const { t } = useTranslation();
  const busy = workbench.running !== null || view.mode !== 'inside';
  return (
    <TestCard title={t('tests.faceCamera')} note={t('tests.faceCameraNote')} result={lastOf(workbench, 'faceCamera')}>
      <button type="button" className="button" disabled={busy} onClick={() => act({ type: 'testFaceCamera' })}>
        {t('tests.faceCameraLook')}
      </button>
    </TestCard>
  );
}
