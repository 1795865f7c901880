import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { beginJudge, type LightJudge, stepJudge } from '../camera/light-judge.ts';
import { type CameraReading, useCamera } from '../camera/use-camera.ts';
import { lastOf } from './accessory-tests.tsx';
import { CameraPicture } from './camera-picture.tsx';
import type { PageProps } from './page-props.ts';
import { TestCard } from './test-card.tsx';

/** Percent of the light between two presses. */
const STEP = 10;
/** A light that does not do what it is told is not waited for. Milliseconds. */
const GIVE_UP_MS = 15_000;

/** Up and down by hand with the picture's histogram beside it, and whether the picture answers at all. */
export function LightTest({ view, workbench, act }: PageProps) {
  const { t, i18n } = useTranslation();
  const camera = useCamera();
  const { light } = workbench.accessories;
  const [judging, judge] = useLightJudge(camera.reading, light, act);
  if (light === null) return null;
  const busy = workbench.running !== null || view.mode !== 'inside' || judging;
  const { percent, mostPercent } = light;
  const live = camera.word === 'live' && camera.reading !== null;
  const share = (value: number): string =>
    new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(value / 100);
  const set = (wish: number): void => act({ type: 'setLight', percent: Math.min(mostPercent, Math.max(0, wish)) });
  return (
    <>
      <CameraPicture camera={camera} disabled={view.mode !== 'inside'} />
      <TestCard
        title={t('tests.light')}
        note={t('tests.lightNote', { most: share(mostPercent) })}
        result={lastOf(workbench, 'light')}
      >
        <output className="mono" data-light={percent}>
          {share(percent)}
        </output>
        <button type="button" className="button" disabled={busy || percent === 0} onClick={() => set(0)}>
          {t('tests.lightOut')}
        </button>
        <button type="button" className="button" disabled={busy || percent === 0} onClick={() => set(percent - STEP)}>
          {t('tests.lightDarker')}
        </button>
        <button
          type="button"
          className="button"
          disabled={busy || percent >= mostPercent}
          onClick={() => set(percent + STEP)}
        >
          {t('tests.lightBrighter')}
        </button>
        <button type="button" className="button" disabled={busy || !live} onClick={judge}>
          {t(judging ? 'tests.lightJudging' : 'tests.lightJudge')}
        </button>
      </TestCard>
    </>
  );
}

type Light = PageProps['workbench']['accessories']['light'];

/** Puts the light out, lights it, and tells the lane how bright the picture was each time. */
function useLightJudge(reading: CameraReading | null, light: Light, act: PageProps['act']): [boolean, () => void] {
  const [state, setState] = useState<LightJudge | null>(null);
  const looked = useRef<CameraReading | null>(null);
  useEffect(() => {
    if (state === null || light === null || reading === null || reading === looked.current) return;
    looked.current = reading;
    const next = stepJudge(state, { brightness: reading.brightness, ...light });
    if (next.step === 'lit' && state.step === 'out') act({ type: 'setLight', percent: light.mostPercent });
    if (next.step === 'done') act({ type: 'lightMeasured', out: next.out, lit: next.lit });
    setState(next.step === 'done' ? null : next);
  }, [state, light, reading, act]);
  const judging = state !== null;
  useEffect(() => {
    if (!judging) return;
    const timer = setTimeout(() => setState(null), GIVE_UP_MS);
    return () => clearTimeout(timer);
  }, [judging]);
  const begin = (): void => {
    looked.current = reading;
    setState(beginJudge());
    act({ type: 'setLight', percent: 0 });
  };
  return [judging && reading !== null, begin];
}
