import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { SupervisorApi } from '../../contract/window-api.ts';
import { CONSOLE_THEMES, useLanguage, useTheme } from '../ui/use-page.ts';
import { useAlarmSound } from './alarms/use-alarm-sound.ts';
import { CONSOLE_LANGUAGES } from './catalogue/catalogues.ts';
import { ConsolePage } from './console/console-page.tsx';
import type { ConsoleState } from './console/console-state.ts';
import { ConsoleTopbar } from './console/console-topbar.tsx';
import { ErrorText } from './console/error-text.tsx';
import { MissedBanner } from './console/missed-banner.tsx';
import { type Page, pagesOf } from './console/pages.ts';
import { ConsoleContext, type Said, useConsole } from './console/use-console.ts';
import { keepLanguage } from './preferred-language.ts';
import { SignInScreen } from './session/sign-in-screen.tsx';
import { useActivity } from './session/use-activity.ts';
import { ViewerSwitch } from './viewer-switch.tsx';
import { VIEWER_OWNER } from './viewers.ts';

const SAID_MS = 8_000;

/** The officer's cockpit: who is signed in, the lanes, who waits, what is wrong, what happened. */
export function SupervisorApp({ api }: { api: SupervisorApi }) {
  const { t } = useTranslation();
  const { state, cards, ask, tell } = useConsole(api);
  const lanes = useSyncExternalStore(cards.subscribeList, cards.ids);
  const { session, lane } = state;
  const [page, setPage] = useState<Page>('lane');
  const [said, setSaid] = useState<Said | null>(null);
  const nextTheme = useTheme(CONSOLE_THEMES);
  const nextLanguage = useLanguage(CONSOLE_LANGUAGES, keepLanguage);
  useAlarmSound(session?.state === 'signedIn' ? (lane?.alarms ?? null) : null);
  useActivity(ask, session?.state === 'signedIn');

  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const officer = session?.state === 'signedIn' ? session.officer : null;
  // Another officer begins where the work is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for each officer
  useEffect(() => {
    setPage('lane');
    setSaid(null);
  }, [officer]);
  const say = useCallback((next: Said) => setSaid(next), []);
  const context = useMemo(() => ({ ask, cards, say, saveText: api.saveText }), [ask, cards, say, api]);

  const wantedLane = state.lane === null && session?.state === 'signedIn' ? laneToOpen(state, lanes) : null;
  useEffect(() => {
    if (wantedLane !== null) void ask({ type: 'focus', laneId: wantedLane });
  }, [wantedLane, ask]);

  if (session === null) {
    return (
      <main className="console console-empty">
        <h1 className="visually-hidden">{t('title')}</h1>
        <p className="empty">{t(state.connected ? 'noLaneYet' : 'connection.lost')}</p>
      </main>
    );
  }
  if (session.state !== 'signedIn') return <SignInScreen session={session} connected={state.connected} ask={ask} />;
  const pages = pagesOf(session.may, lanes.length);
  const open = pages.includes(page) ? page : 'lane';
  // As whom an officer looks is another matter on each lane: their side, or neither, by where it leads.
  const viewer = lane?.viewer ?? 'portSupervisor';
  // Of several lanes the officer chooses one.
  const shown = open === 'lane' && state.lane === null && pages.includes('wall') ? 'wall' : open;
  return (
    <ConsoleContext.Provider value={context}>
      <div
        className="console"
        data-owner={VIEWER_OWNER[viewer]}
        data-viewer={lane?.viewer}
        data-officer={session.officer}
        data-page={shown}
        data-connected={state.connected}
      >
        <div className="console-head">
          <ConsoleTopbar
            session={session}
            pages={pages}
            page={shown}
            onPage={setPage}
            nextLanguage={nextLanguage}
            nextTheme={nextTheme}
          />
          <div className="console-says" role="status">
            {session.mayLookAs ? (
              <ViewerSwitch viewer={viewer} onLook={(viewer) => void ask({ type: 'lookAs', viewer })} />
            ) : null}
            {state.connected ? null : <p className="banner banner-stop">{t('connection.lost')}</p>}
            {state.missed === null ? null : (
              <MissedBanner missed={state.missed} onSeen={() => tell({ type: 'missedSeen' })} />
            )}
            {said?.error == null ? null : (
              <div className="banner banner-attention">
                <ErrorText error={said.error} />
              </div>
            )}
            {said?.done == null ? null : <p className="banner">{said.done}</p>}
          </div>
        </div>
        <ConsolePage page={shown} state={state} lanes={lanes} session={session} onPage={setPage} />
      </div>
    </ConsoleContext.Provider>
  );
}

/** A hub shows the lane an officer looks at: the one looked at before, or the only one there is. */
function laneToOpen({ away }: ConsoleState, lanes: readonly string[]): string | null {
  if (away !== null && lanes.includes(away.laneId)) return away.laneId;
  return lanes.length === 1 ? (lanes[0] ?? null) : null;
}
