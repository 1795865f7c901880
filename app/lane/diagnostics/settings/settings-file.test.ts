import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unwrap } from '../../../contract/result.ts';
import { type LaneSettings, SettingsFile } from './settings-file.ts';

const SETTINGS: LaneSettings = {
  values: { enterTimeout: 8_000, matchThreshold: 0.7 },
  changedAt: '2026-05-08T02:15:00.000Z',
  officer: 'TECH1',
  testDocuments: ['ab'.repeat(32)],
};

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'jointgate-settings-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('there is no file at first; what is written is read again by the next start', () => {
  const data = folder();
  const file = unwrap(SettingsFile.open(data, 'L07'));
  expect(file.read()).toEqual({ ok: true, value: null });
  unwrap(file.write(SETTINGS));
  expect(unwrap(SettingsFile.open(data, 'L07')).read()).toEqual({ ok: true, value: SETTINGS });
});

test('one changed digit, another lane, another key or no JSON is refused with its code', () => {
  const data = folder();
  const file = unwrap(SettingsFile.open(data, 'L07'));
  unwrap(file.write(SETTINGS));
  const whole = readFileSync(file.path, 'utf8');
  writeFileSync(file.path, whole.replace('8000', '9000'));
  expect(file.read()).toEqual({ ok: false, error: { code: 'settingsForeign' } });
  writeFileSync(file.path, whole);
  expect(unwrap(SettingsFile.open(data, 'L08')).read()).toEqual({ ok: false, error: { code: 'settingsForeign' } });
  const other = unwrap(SettingsFile.open(folder(), 'L07'));
  writeFileSync(other.path, whole);
  expect(other.read()).toEqual({ ok: false, error: { code: 'settingsForeign' } });
  for (const garbage of ['', '{', '[]', 'null', '{"content":{}}', ' '.repeat(20_000)]) {
    writeFileSync(file.path, garbage);
    expect(file.read(), garbage.slice(0, 10)).toEqual({ ok: false, error: { code: 'settingsUnreadable' } });
  }
});

test('a file that cannot be written is said, and the one before still holds', () => {
  const data = folder();
  const file = unwrap(SettingsFile.open(data, 'L07'));
  unwrap(file.write(SETTINGS));
  rmSync(data, { recursive: true, force: true });
  expect(file.write(SETTINGS)).toEqual({ ok: false, error: { code: 'settingsUnwritable' } });
});
