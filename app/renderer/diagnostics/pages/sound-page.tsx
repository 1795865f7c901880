import { Volume2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notesInARow, TonePlayer } from '../../ui/tone-player.ts';
import type { PageProps } from './page-props.ts';
import { TestCard } from './test-card.tsx';

const GO_TONE = [523.25, 659.25, 783.99, 1046.5];
const STEP = 5;

/** The tone of "go through" at a chosen volume; only an ear can say whether it sounded. */
export function SoundPage({ view, workbench, act }: PageProps) {
  const { t, i18n } = useTranslation();
  const [player] = useState(() => new TonePlayer());
  const [percent, setPercent] = useState(60);
  const [played, setPlayed] = useState(false);
  const busy = view.mode !== 'inside';
  const say = (heard: boolean): void => {
    setPlayed(false);
    act({ type: 'soundPlayed', volume: percent / 100, heard });
  };
  return (
    <TestCard
      title={t('nav.sound')}
      note={t('tests.soundNote')}
      result={workbench.results.find(({ test }) => test === 'sound') ?? null}
    >
      <label className="slider">
        <span>
          {t('tests.soundVolume')}{' '}
          <span className="mono">
            {new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(percent / 100)}
          </span>
        </span>
        <input
          type="range"
          min={STEP}
          max={100}
          step={STEP}
          value={percent}
          onChange={(event) => setPercent(Number(event.target.value))}
        />
      </label>
      <button
        type="button"
        className="button"
        disabled={busy}
        onClick={() => {
          player.play(notesInARow(150, ...GO_TONE), percent / 100);
          setPlayed(true);
        }}
      >
        <Volume2 size={16} aria-hidden="true" />
        {t('tests.soundPlay')}
      </button>
      <button type="button" className="button" disabled={busy || !played} onClick={() => say(true)}>
        {t('tests.soundHeard')}
      </button>
      <button type="button" className="button" disabled={busy || !played} onClick={() => say(false)}>
        {t('tests.soundSilent')}
      </button>
    </TestCard>
  );
}
