import { useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Language, NO_LANE_VIEW, travellerViewSchema } from '../../contract/traveller-view.ts';
import type { TravellerApi } from '../../contract/window-api.ts';
import { useView } from '../ui/use-view.ts';
import { useCamera } from './camera/use-camera.ts';
import { WALK_DIRECTIONS, type WalkDirection } from './pictures/go-arrow.tsx';
import { sentenceKey } from './sentence.ts';
import { languageShown } from './session.ts';
import { usePrompts } from './sound/use-prompts.ts';
import { TravellerScreen } from './traveller-screen.tsx';
import { usePacedHint } from './use-paced-hint.ts';
import { useSession } from './use-session.ts';

/** The way to walk is a property of where the screen hangs: `index.html?walk=right`. */
function walkDirection(): WalkDirection {
  const asked = new URLSearchParams(location.search).get('walk');
  return WALK_DIRECTIONS.find((walk) => walk === asked) ?? 'up';
}

export function TravellerApp({ api }: { api: TravellerApi }) {
  const received = useView(api, travellerViewSchema);
  const view = received ?? NO_LANE_VIEW;
  const { t, i18n } = useTranslation();
  const [session, dispatch] = useSession(view.step);
  const language = languageShown(session, view.suggestedLanguage, view.direction);
  const hint = usePacedHint(view.hint);
  const stream = useCamera(api, view.camera);

  // Before the browser paints: a sentence must never be seen in the language before.
  useLayoutEffect(() => {
    void i18n.changeLanguage(language);
    document.documentElement.lang = language;
    document.documentElement.dataset.step = view.step;
  }, [i18n, language, view.step]);

  const sentence = t(sentenceKey({ ...view, hint }), { lng: language });
  usePrompts(view.step, sentence, language, view.warnSecondsLeft !== null);

  useEffect(() => {
    // A kiosk has no menu to open and nothing to drag.
    const prevent = (event: Event) => event.preventDefault();
    for (const name of ['contextmenu', 'dragstart']) document.addEventListener(name, prevent);
    return () => {
      for (const name of ['contextmenu', 'dragstart']) document.removeEventListener(name, prevent);
    };
  }, []);

  const low = session.comforts.has('lowPosition');
  const toldLow = useRef(false);
  useEffect(() => {
    // The camera looks where the screen is read from.
    if (toldLow.current !== low) api.act({ type: 'lowPosition', on: low });
    toldLow.current = low;
  }, [api, low]);

  const chooseLanguage = (chosen: Language) => {
    dispatch({ type: 'languageChosen', language: chosen });
    api.act({ type: 'languageChosen', language: chosen });
  };
  return (
    <TravellerScreen
      view={{ ...view, hint }}
      language={language}
      comforts={session.comforts}
      stream={stream}
      walk={walkDirection()}
      onLanguage={chooseLanguage}
      onComfort={(comfort) => dispatch({ type: 'comfortToggled', comfort })}
      onMoreTime={() => api.act({ type: 'moreTime' })}
    />
  );
}
