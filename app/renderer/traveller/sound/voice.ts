import type { Language } from '../../../contract/traveller-view.ts';

/** Voices that speak a traveller's language, best first (BCP 47): Cantonese for Hong Kong and Macao, European Portuguese. */
const VOICE_TAGS: Readonly<Record<Language, readonly string[]>> = {
  'zh-Hant': ['zh-MO', 'zh-HK', 'yue', 'zh-TW'],
  'zh-Hans': ['zh-CN', 'cmn', 'zh-SG'],
  pt: ['pt-PT', 'pt-MO', 'pt'],
  en: ['en-HK', 'en-GB', 'en'],
};

type VoiceFacts = Pick<SpeechSynthesisVoice, 'lang' | 'localService'>;

/** The best voice for a language, or null. Only voices of the machine itself: a prompt never goes over a network. */
export function voiceFor<Voice extends VoiceFacts>(language: Language, voices: readonly Voice[]): Voice | null {
  const local = voices.filter((voice) => voice.localService);
  for (const tag of VOICE_TAGS[language]) {
    const wanted = tag.toLowerCase();
    const found = local.find((voice) => {
      const has = voice.lang.toLowerCase().replaceAll('_', '-');
      return has === wanted || has.startsWith(`${wanted}-`);
    });
    if (found !== undefined) return found;
  }
  return null;
}

/** Speaks a sentence if the machine has a voice for it; what was being said is cut off. */
export function speak(language: Language, sentence: string): void {
  if (!('speechSynthesis' in globalThis)) return;
  speechSynthesis.cancel();
  const voice = voiceFor(language, speechSynthesis.getVoices());
  if (voice === null) return;
  const utterance = new SpeechSynthesisUtterance(sentence);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  utterance.rate = 0.95;
  speechSynthesis.speak(utterance);
}
