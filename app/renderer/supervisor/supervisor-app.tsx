import { Contrast, Keyboard, Languages } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { supervisorViewSchema, type Viewer } from '../../contract/supervisor-view.ts';
import type { SupervisorApi } from '../../contract/window-api.ts';
import { Kbd } from '../ui/kbd.tsx';
import { useNow } from '../ui/use-now.ts';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { useView } from '../ui/use-view.ts';
import { AlarmPanel } from './alarms/alarm-panel.tsx';
import { useAlarmSound } from './alarms/use-alarm-sound.ts';
import { FigureStrip } from './figure-strip.tsx';
import { timeOfDay } from './figures.ts';
import { LanePanel } from './lane/lane-panel.tsx';
import { ReferralPanel } from './referral/referral-panel.tsx';
import { ShortcutList } from './shortcut-list.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { useLanguage } from './use-language.ts';
import { useTheme } from './use-theme.ts';
import { ViewerSwitch } from './viewer-switch.tsx';
import { VIEWER_KEYS, VIEWER_OWNER, VIEWERS } from './viewers.ts';

/** The officer's cockpit: the lane, who waits, what is wrong, what happened. */
export function SupervisorApp({ api }: { api: SupervisorApi }) {
  const view = useView(api, supervisorViewSchema);
  const { t, i18n } = useTranslation();
  const now = useNow(1000);
  const [, nextTheme] = useTheme();
  const nextLanguage = useLanguage();
  const [help, setHelp] = useState(false);
  useAlarmSound(view?.alarms ?? null);
  useShortcuts({
    ...Object.fromEntries(VIEWERS.map((viewer) => [VIEWER_KEYS[viewer], () => api.look(viewer)])),
    t: nextTheme,
    l: nextLanguage,
    '?': () => setHelp(true),
  });
  const look = (viewer: Viewer) => api.look(viewer);

  if (view === null) {
    return (
      <main className="console console-empty">
        <p className="empty">{t('noLaneYet')}</p>
      </main>
    );
  }
  return (
    <div className="console" data-owner={VIEWER_OWNER[view.viewer]} data-viewer={view.viewer}>
      <header className="topbar">
        <h1 className="wordmark">
          Jointgate <span>{t('title')}</span>
        </h1>
        <ViewerSwitch viewer={view.viewer} onLook={look} />
        <div className="topbar-end">
          <button type="button" className="button" onClick={nextLanguage}>
            <Languages size={16} aria-hidden="true" />
            {t('languageButton')}
            <Kbd>L</Kbd>
          </button>
          <button type="button" className="button" onClick={nextTheme}>
            <Contrast size={16} aria-hidden="true" />
            {t('themeButton')}
            <Kbd>T</Kbd>
          </button>
          <button type="button" className="button" onClick={() => setHelp(true)}>
            <Keyboard size={16} aria-hidden="true" />
            {t('shortcuts.title')}
            <Kbd>?</Kbd>
          </button>
          <time className="clock">{timeOfDay(new Date(now).toISOString(), i18n.language)}</time>
        </div>
      </header>
      <FigureStrip view={view} />
      <main className="cockpit" data-referrals={view.referrals.length > 0}>
        <LanePanel view={view} onService={(inService) => api.act({ type: 'setService', inService })} />
        <ReferralPanel
          referrals={view.referrals}
          onResolve={(recordId, action, reasonCode) =>
            api.act({ type: 'resolveReferral', recordId, action, reasonCode })
          }
        />
        <AlarmPanel alarms={view.alarms} onAcknowledge={(alarmId) => api.act({ type: 'acknowledgeAlarm', alarmId })} />
        <TimelinePanel timeline={view.timeline} />
      </main>
      {help ? <ShortcutList onClose={() => setHelp(false)} /> : null}
    </div>
  );
}
