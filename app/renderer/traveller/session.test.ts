import { describe, expect, it } from 'vitest';
import { languageShown, NEW_SESSION, sessionAfter, sessionFromText, sessionToText } from './session.ts';

const fromMacao = { from: 'MAC', to: 'CHN' };

describe('traveller session', () => {
  it('shows the chosen language before the suggested one, and that before the one of the side left', () => {
    const chosen = sessionAfter(NEW_SESSION, { type: 'languageChosen', language: 'pt' });
    expect(languageShown(chosen, 'en', fromMacao)).toBe('pt');
    expect(languageShown(NEW_SESSION, 'en', fromMacao)).toBe('en');
    expect(languageShown(NEW_SESSION, null, fromMacao)).toBe('zh-Hant');
    expect(languageShown(NEW_SESSION, null, { from: 'CHN', to: 'MAC' })).toBe('zh-Hans');
    expect(languageShown(NEW_SESSION, null, { from: 'UTO', to: 'CHN' })).toBe('en');
  });

  it('toggles each comfort by itself and forgets all for the next traveller', () => {
    const large = sessionAfter(NEW_SESSION, { type: 'comfortToggled', comfort: 'largeText' });
    const both = sessionAfter(large, { type: 'comfortToggled', comfort: 'lowPosition' });
    const low = sessionAfter(both, { type: 'comfortToggled', comfort: 'largeText' });
    expect([...both.comforts]).toEqual(['largeText', 'lowPosition']);
    expect([...low.comforts]).toEqual(['lowPosition']);
    expect(sessionAfter(both, { type: 'travellerLeft' })).toEqual(NEW_SESSION);
  });

  it('comes back from text as it was; from anything else a new one', () => {
    const chosen = sessionAfter(NEW_SESSION, { type: 'languageChosen', language: 'pt' });
    const large = sessionAfter(chosen, { type: 'comfortToggled', comfort: 'largeText' });
    expect(sessionFromText(sessionToText(large))).toEqual(large);
    for (const text of [null, '', 'null', '[]', '7', '{"language":"xx","comforts":["none"]}', '{"comforts":5}']) {
      expect(sessionFromText(text), String(text)).toBe(NEW_SESSION);
    }
  });
});
