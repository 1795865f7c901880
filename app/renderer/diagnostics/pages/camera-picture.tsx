import { useTranslation } from 'react-i18next';
import { BINS } from '../camera/measure.ts';
import type { CameraReading, useCamera } from '../camera/use-camera.ts';

const HEIGHT = 60;
const BAR = 5;

interface CameraPictureProps {
  readonly camera: ReturnType<typeof useCamera>;
  readonly disabled: boolean;
}

/** The live picture with its histogram; it stays in this window. */
export function CameraPicture({ camera: { video, word, reading, wanted, setWanted }, disabled }: CameraPictureProps) {
  const { t } = useTranslation();
  return (
    <section className="camera" aria-label={t('nav.camera')}>
      <div className="camera-picture" data-live={word === 'live'}>
        {/* Live picture of a camera under test: there is no sound to caption. */}
        <video ref={video} muted playsInline aria-label={t('nav.camera')} />
        {word === 'live' ? null : <p className="quiet">{t(`camera.${word}`)}</p>}
      </div>
      <div className="camera-side">
        <button type="button" className="button" disabled={disabled} onClick={() => setWanted(!wanted)}>
          {t(wanted ? 'camera.stop' : 'camera.start')}
        </button>
        <p className="quiet">{t('camera.note')}</p>
        {reading === null ? null : <Readings reading={reading} />}
      </div>
    </section>
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
