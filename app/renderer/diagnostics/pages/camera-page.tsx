import { useTranslation } from 'react-i18next';
import { BINS } from '../camera/measure.ts';
import { type CameraReading, useCamera } from '../camera/use-camera.ts';
import { HealthPanel } from './device-page.tsx';
import type { PageProps } from './page-props.ts';
import { TestCard } from './test-card.tsx';

const SAMPLE_SIZE = 3;
const HEIGHT = 60;
const BAR = 5;

/** Focus and light by histogram, and what presentation attack detection makes of a few pictures. */
export function CameraPage({ view, workbench, act }: PageProps) {
  const { t } = useTranslation();
  const { video, word, reading, wanted, setWanted, sample } = useCamera();
  const busy = workbench.running !== null || view.mode !== 'inside';
  const live = word === 'live' && reading !== null && reading.framesPerSecond > 0;
  const keep = (): void => {
    if (reading === null) return;
    const { width, height, framesPerSecond, brightness, dark, clipped, sharpness } = reading;
    act({
      type: 'cameraMeasured',
      measures: { width, height, framesPerSecond, brightness, dark, clipped, sharpness },
    });
  };
  return (
    <>
      <HealthPanel device="camera" workbench={workbench} />
      <section className="camera" aria-label={t('nav.camera')}>
        <div className="camera-picture" data-live={word === 'live'}>
          {/* Live picture of a camera under test: there is no sound to caption. */}
          <video ref={video} muted playsInline aria-label={t('nav.camera')} />
          {word === 'live' ? null : <p className="quiet">{t(`camera.${word}`)}</p>}
        </div>
        <div className="camera-side">
          <button type="button" className="button" disabled={view.mode !== 'inside'} onClick={() => setWanted(!wanted)}>
            {t(wanted ? 'camera.stop' : 'camera.start')}
          </button>
          <p className="quiet">{t('camera.note')}</p>
          {reading === null ? null : <Readings reading={reading} />}
        </div>
      </section>
      <TestCard
        title={t('camera.keep')}
        note={t('camera.note')}
        result={workbench.results.find(({ test }) => test === 'camera') ?? null}
      >
        <button type="button" className="button" disabled={busy || !live} onClick={keep}>
          {t('camera.keep')}
        </button>
      </TestCard>
      <TestCard
        title={t('tests.pad')}
        note={t('tests.padNote')}
        result={workbench.results.find(({ test }) => test === 'pad') ?? null}
      >
        <button
          type="button"
          className="button"
          disabled={busy || !live}
          onClick={() => void sample(SAMPLE_SIZE).then((frames) => act({ type: 'padSample', frames }))}
        >
          {t('tests.pad')}
        </button>
      </TestCard>
    </>
  );
}

function Readings({ reading }: { reading: CameraReading }) {
  const { t, i18n } = useTranslation();
  const { histogram, brightness, dark, clipped, sharpness, framesPerSecond } = reading;
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 });
  const most = Math.max(0.001, ...histogram);
  const rows = [
    ['focus', number.format(sharpness)],
    ['light', number.format(brightness)],
    ['frames', number.format(framesPerSecond)],
    ['dark', percent.format(dark)],
    ['clipped', percent.format(clipped)],
  ] as const;
  return (
    <>
      <svg
        className="histogram"
        viewBox={`0 0 ${BINS * BAR} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('camera.histogram')}
      >
        {histogram.map((share, index) => {
          const height = (HEIGHT * share) / most;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            <rect key={index} x={index * BAR} y={HEIGHT - height} width={BAR - 1} height={height} />
          );
        })}
      </svg>
      <p className="quiet">{t('camera.histogram')}</p>
      <dl className="counters">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`camera.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
