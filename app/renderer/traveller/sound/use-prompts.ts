import { useEffect, useState } from 'react';
import type { Language, TravellerStep } from '../../../contract/traveller-view.ts';
import { TonePlayer } from '../../ui/tone-player.ts';
import { STEP_TONES, WARNING_TONE } from './tones.ts';
import { speak } from './voice.ts';

/** Sounds each new step, says its sentence where a voice exists, and sounds once when a time-out warning begins. */
export function usePrompts(step: TravellerStep, sentence: string, language: Language, warning: boolean): void {
  const [player] = useState(() => new TonePlayer());
  useEffect(() => {
    const tones = STEP_TONES[step];
    if (tones !== undefined) player.play(tones);
  }, [player, step]);
  useEffect(() => {
    if (warning) player.play(WARNING_TONE);
  }, [player, warning]);
  useEffect(() => speak(language, sentence), [language, sentence]);
}
