import { useTranslation } from 'react-i18next';
import type { Language, TravellerView } from '../../contract/traveller-view.ts';
import { AttractLines } from './attract-lines.tsx';
import { ComfortBar } from './comfort-bar.tsx';
import { LanguageBar } from './language-bar.tsx';
import { Mirror } from './mirror.tsx';
import type { WalkDirection } from './pictures/go-arrow.tsx';
import { TwoSides } from './pictures/two-sides.tsx';
import { placeName } from './place-name.ts';
import { helpKey, sentenceKey } from './sentence.ts';
import type { Comfort } from './session.ts';
import { StepPicture } from './step-picture.tsx';
import { STEP_LOOKS } from './steps.ts';
import { TimeWarning } from './time-warning.tsx';
import { Track } from './track.tsx';

/** ICAO 9303-3 §5, part D: a place that is not specified. Main shows it while no lane has spoken yet. */
const UNKNOWN_PLACE = 'XXX';

export interface TravellerScreenProps {
  /** The view to show, its hint already paced. */
  readonly view: TravellerView;
  readonly language: Language;
  readonly comforts: ReadonlySet<Comfort>;
  readonly stream: MediaStream | null;
  readonly walk: WalkDirection;
  readonly onLanguage: (language: Language) => void;
  readonly onComfort: (comfort: Comfort) => void;
  readonly onMoreTime: () => void;
}

/** The whole traveller screen for one view: what to do as one sentence and one picture, where one is, and how to see it better. */
export function TravellerScreen(props: TravellerScreenProps) {
  const { view, language, comforts } = props;
  const { t } = useTranslation();
  const { tone, track } = STEP_LOOKS[view.step];
  const from = placeName(t, view.direction.from);
  const to = placeName(t, view.direction.to);
  const lane = t('labels.lane', { lane: view.laneId });
  return (
    <div
      className="screen"
      lang={language}
      data-step-screen={view.step}
      data-tone={tone}
      data-large={comforts.has('largeText')}
      data-warning={view.warnSecondsLeft !== null}
      data-low={comforts.has('lowPosition')}
      data-theme={comforts.has('highContrast') ? 'contrast' : 'light'}
    >
      <header className="screen-head" hidden={view.laneId === '' || view.direction.from === UNKNOWN_PLACE}>
        {view.step === 'attract' ? (
          <TwoSides from={from} to={to} lane={lane} />
        ) : (
          <>
            <p className="screen-direction">
              <span className="visually-hidden">{t('labels.direction', { from, to })}</span>
              <span aria-hidden="true">
                {from} <span className="screen-direction-arrow">→</span> {to}
              </span>
            </p>
            <p className="screen-lane">{lane}</p>
          </>
        )}
      </header>
      {track ? <Track reached={view.stationsReached} /> : null}
      <main className="stage">
        <div className="stage-picture" key={`${view.step} ${view.documentAdvice ?? ''}`}>
          {view.step === 'lookHere' ? (
            <Mirror stream={props.stream} hint={view.hint} />
          ) : (
            <StepPicture step={view.step} walk={props.walk} advice={view.documentAdvice} />
          )}
        </div>
        <div className="stage-words" aria-live="polite">
          <h1 className="stage-sentence">{t(sentenceKey(view))}</h1>
          <p className="stage-help">{t(helpKey(view))}</p>
          {view.step === 'attract' ? <AttractLines /> : null}
        </div>
      </main>
      <footer className="screen-foot">
        {view.warnSecondsLeft === null ? null : (
          <TimeWarning secondsLeft={view.warnSecondsLeft} onMoreTime={props.onMoreTime} />
        )}
        <ComfortBar on={comforts} onToggle={props.onComfort} />
        <LanguageBar shown={language} onChoose={props.onLanguage} />
      </footer>
    </div>
  );
}
