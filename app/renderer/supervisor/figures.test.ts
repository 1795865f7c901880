import { describe, expect, it } from 'vitest';
import { ageText, secondsText, shareText, shareWithoutOfficer } from './figures.ts';

const today = { opened: 110, passed: 94, refused: 2, referred: 3, abandoned: 10, voided: 1, medianMs: 1, p95Ms: 2 };

describe('figures of today', () => {
  it('counts those who needed no officer among those who ended, without those who gave up', () => {
    expect(shareWithoutOfficer(today)).toBe(0.94);
    expect(shareText(0.94, 'en')).toBe('94%');
    expect(shareWithoutOfficer({ ...today, passed: 0, refused: 0, referred: 0, voided: 0 })).toBeNull();
    expect(shareText(null, 'en')).toBe('–');
  });

  it('writes times as people read them', () => {
    expect(secondsText(18_240, 'en')).toBe('18.2s');
    expect(secondsText(18_240, 'zh-Hans')).toBe('18.2秒');
    expect(secondsText(null, 'en')).toBe('–');
    expect(ageText(0, 8_900, 'en')).toBe('8s');
    expect(ageText(0, 72_000, 'en')).toBe('1:12');
    expect(ageText(0, 7_420_000, 'en')).toBe('2:03:40');
    expect(ageText(5_000, 4_000, 'en')).toBe('0s');
  });
});
