import { useTranslation } from 'react-i18next';
import { useCamera } from '../camera/use-camera.ts';
import { CameraPicture } from './camera-picture.tsx';
import { HealthPanel } from './device-page.tsx';
import type { PageProps } from './page-props.ts';
import { TestCard } from './test-card.tsx';

const SAMPLE_SIZE = 3;

/** Focus and light by histogram, and what presentation attack detection makes of a few pictures. */
export function CameraPage({ view, workbench, act }: PageProps) {
  const { t } = useTranslation();
  const camera = useCamera();
  const { word, reading, sample } = camera;
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
      <CameraPicture camera={camera} disabled={view.mode !== 'inside'} />
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
