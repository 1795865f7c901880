import { Save } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SETTING_KINDS, type SettingValues, type SettingView } from '../../../contract/diagnostics-settings.ts';
import { HoldButton } from '../../ui/hold-button.tsx';
import { Code, dateTimeOf } from '../words.tsx';
import type { PageProps } from './page-props.ts';

const GROUPS = [
  { title: 'delays', kinds: ['delay'] },
  { title: 'thresholds', kinds: ['threshold'] },
  { title: 'accessories', kinds: ['light', 'tilt'] },
] as const;
const UNITS = { delay: null, threshold: '', light: ' %', tilt: '°' } as const;

/** Thresholds and delays within their limits; nothing is in force before it was saved and written into the journal. */
export function SettingsPage({ view, workbench, act }: PageProps) {
  const { t, i18n } = useTranslation();
  const [draft, setDraft] = useState<SettingValues>({});
  const { settings, settingsFile, settingsProblem } = workbench;
  const changed = settings.filter(({ id, value }) => draft[id] !== undefined && draft[id] !== value);
  const outside = changed.some(({ id, min, max }) => isOutside(draft[id] ?? Number.NaN, min, max));
  const canSave = view.mode === 'inside' && !outside && (changed.length > 0 || settingsFile.state === 'refused');
  const save = (): void => {
    act({ type: 'saveSettings', values: Object.fromEntries(changed.map(({ id }) => [id, draft[id]])) });
    setDraft({});
  };
  return (
    <>
      <p className="notice" data-tone={settingsFile.state === 'refused' ? 'stop' : 'neutral'}>
        {t(`settings.state.${settingsFile.state}`, {
          officer: settingsFile.officer ?? '',
          at: settingsFile.changedAt === null ? '' : dateTimeOf(settingsFile.changedAt, i18n.language),
        })}{' '}
        <Code code={settingsFile.code} />
      </p>
      {GROUPS.map(({ title, kinds }) => ({ title, own: settings.filter(({ id }) => has(kinds, SETTING_KINDS[id])) }))
        .filter(({ own }) => own.length > 0)
        .map(({ title, own }) => (
          <fieldset key={title} className="settings">
            <legend className="section-title">{t(`settings.${title}`)}</legend>
            {own.map((setting) => (
              <SettingRow
                key={setting.id}
                setting={setting}
                value={draft[setting.id] ?? setting.value}
                onChange={(value) => setDraft({ ...draft, [setting.id]: value })}
              />
            ))}
          </fieldset>
        ))}
      {settingsProblem === null ? null : (
        <p className="notice" data-tone="stop" role="alert">
          <Code code={settingsProblem} />
        </p>
      )}
      <div className="settings-save">
        <p role="status">
          {changed.length === 0 ? t('settings.none') : t('settings.changed', { count: changed.length })}
        </p>
        <button type="button" className="button" disabled={changed.length === 0} onClick={() => setDraft({})}>
          {t('settings.undo')}
        </button>
        <HoldButton
          label={t('settings.save')}
          note={t('settings.saveNote')}
          shortcut="v"
          icon={<Save size={20} />}
          tone="progress"
          disabled={!canSave}
          onDone={save}
        />
      </div>
    </>
  );
}

interface SettingRowProps {
  readonly setting: SettingView;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** Delays are typed in seconds, everything else as it is. */
function SettingRow({ setting, value, onChange }: SettingRowProps) {
  const { t, i18n } = useTranslation();
  const { id, min, max, step, standard } = setting;
  const scale = SETTING_KINDS[id] === 'delay' ? 1_000 : 1;
  const unit = UNITS[SETTING_KINDS[id]] ?? ` ${t('settings.seconds')}`;
  const shown = (number: number): string =>
    `${new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 3 }).format(number / scale)}${unit}`;
  const wrong = isOutside(value, min, max);
  return (
    <div className="setting" data-changed={value !== setting.value} data-wrong={wrong}>
      <label htmlFor={`setting-${id}`}>{t(`settings.names.${id}`)}</label>
      <input
        id={`setting-${id}`}
        className="mono"
        type="number"
        min={min / scale}
        max={max / scale}
        step={step / scale}
        value={Number.isNaN(value) ? '' : Math.round((value / scale) * 1e6) / 1e6}
        aria-invalid={wrong}
        aria-describedby={`limits-${id}`}
        onChange={({ target }) =>
          onChange(target.value === '' ? Number.NaN : roundTo(target.valueAsNumber * scale, scale))
        }
      />
      <span id={`limits-${id}`} className="quiet">
        {t('settings.limits', { min: shown(min), max: shown(max) })}
      </span>
      <button type="button" className="button" disabled={value === standard} onClick={() => onChange(standard)}>
        {t('settings.standard', { value: shown(standard) })}
      </button>
    </div>
  );
}

const has = (kinds: readonly string[], kind: string): boolean => kinds.includes(kind);

function isOutside(value: number, min: number, max: number): boolean {
  return !(value >= min && value <= max);
}

function roundTo(value: number, scale: number): number {
  return scale === 1 ? value : Math.round(value);
}
