import { expect, it } from 'vitest';
import { voiceFor } from './voice.ts';

const voice = (lang: string, localService = true) => ({ lang, localService });

it('prefers Cantonese for Traditional Chinese and European Portuguese', () => {
  const voices = [voice('zh-TW'), voice('zh_HK'), voice('pt-BR'), voice('pt-PT'), voice('en-US')];
  expect(voiceFor('zh-Hant', voices)?.lang).toBe('zh_HK');
  expect(voiceFor('pt', voices)?.lang).toBe('pt-PT');
  expect(voiceFor('en', voices)?.lang).toBe('en-US');
});

it('does not speak Simplified Chinese with a Cantonese voice, nor with a voice from the network', () => {
  expect(voiceFor('zh-Hans', [voice('zh-HK')])).toBeNull();
  expect(voiceFor('en', [voice('en-GB', false)])).toBeNull();
});
