import { Contrast, Keyboard, Languages, LogOut } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { diagnosticsViewSchema } from '../../contract/diagnostics-view.ts';
import type { DiagnosticsApi } from '../../contract/window-api.ts';
import { Kbd } from '../ui/kbd.tsx';
import { useLanguage, useTheme, WORKBENCH_THEMES } from '../ui/use-page.ts';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { useView } from '../ui/use-view.ts';
import { DIAGNOSTICS_LANGUAGES } from './catalogue/catalogues.ts';
import { Entrance } from './entrance.tsx';
import { ShortcutCard } from './shortcut-card.tsx';
import { SignIn } from './sign-in.tsx';
import { WorkbenchView } from './workbench.tsx';

/** The technician's window: who works here, whose the lane is now, and the workbench. */
export function DiagnosticsApp({ api }: { api: DiagnosticsApi }) {
  const view = useView(api, diagnosticsViewSchema);
  const { t } = useTranslation();
  const nextLanguage = useLanguage(DIAGNOSTICS_LANGUAGES);
  const nextTheme = useTheme(WORKBENCH_THEMES);
  const [help, setHelp] = useState(false);
  useShortcuts({ t: nextTheme, l: nextLanguage, '?': () => setHelp(true) });

  if (view === null)
    return (
      <main className="bench-empty">
        <h1 className="visually-hidden">{t('title')}</h1>
        <p className="empty">{t('noLaneYet')}</p>
      </main>
    );
  const { technician, mode, workbench } = view;
  return (
    <div className="workbench" data-mode={mode} data-signed-in={technician !== null}>
      <header className="bench-bar">
        <h1 className="wordmark">
          Jointgate <span>{t('title')}</span>
        </h1>
        <p className="bench-lane">
          <strong>{t('lane', { lane: view.laneId })}</strong>
          <span
            className="tag"
            data-tone={mode === 'inside' ? 'attention' : mode === 'outside' ? 'neutral' : 'progress'}
          >
            {t(`modes.${mode}`)}
          </span>
        </p>
        <div className="bench-bar-end">
          <button type="button" className="button" onClick={nextLanguage}>
            <Languages size={16} aria-hidden="true" />
            {t('language')}
            <Kbd>L</Kbd>
          </button>
          <button type="button" className="button" onClick={nextTheme}>
            <Contrast size={16} aria-hidden="true" />
            {t('theme')}
            <Kbd>T</Kbd>
          </button>
          <button type="button" className="button" onClick={() => setHelp(true)}>
            <Keyboard size={16} aria-hidden="true" />
            {t('keys')}
            <Kbd>?</Kbd>
          </button>
          {technician === null ? null : (
            <button type="button" className="button" onClick={() => api.act({ type: 'signOut' })}>
              <LogOut size={16} aria-hidden="true" />
              {t('signOut')} <span className="mono">{technician}</span>
            </button>
          )}
        </div>
      </header>
      {technician === null || workbench === null ? (
        <SignIn view={view} onSignIn={(act) => api.act(act)} />
      ) : mode === 'outside' || mode === 'entering' ? (
        <Entrance view={view} onEnter={() => api.act({ type: 'enter' })} />
      ) : (
        <WorkbenchView view={view} workbench={workbench} act={(action) => api.act(action)} />
      )}
      {help ? <ShortcutCard onClose={() => setHelp(false)} /> : null}
    </div>
  );
}
