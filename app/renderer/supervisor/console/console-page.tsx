import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleSession } from '../../../contract/supervisor-console.ts';
import { AuditPage } from '../audit/audit-page.tsx';
import { LanePage } from '../lane/lane-page.tsx';
import { SearchPage } from '../search/search-page.tsx';
import { LaneWall } from '../wall/lane-wall.tsx';
import type { ConsoleState } from './console-state.ts';
import type { Page } from './pages.ts';
import { useConsoleContext } from './use-console.ts';

// The chart library is loaded when somebody looks at charts.
const ChartsPage = lazy(() => import('../charts/charts-page.tsx').then((module) => ({ default: module.ChartsPage })));

interface ConsolePageProps {
  readonly page: Page;
  readonly state: ConsoleState;
  readonly lanes: readonly string[];
  readonly session: Extract<ConsoleSession, { state: 'signedIn' }>;
  readonly onPage: (page: Page) => void;
}

export function ConsolePage({ page, state, lanes, session, onPage }: ConsolePageProps) {
  const { t } = useTranslation();
  const { ask } = useConsoleContext();
  switch (page) {
    case 'lane':
      return state.lane === null ? (
        <main className="empty">{t('noLaneYet')}</main>
      ) : (
        <LanePage view={state.lane} may={session.may} />
      );
    case 'wall':
      return (
        <LaneWall
          focus={state.lane?.laneId ?? null}
          onOpen={(laneId) => {
            void ask({ type: 'focus', laneId });
            onPage('lane');
          }}
        />
      );
    case 'search':
      return <SearchPage lanes={lanes} />;
    case 'charts':
      return (
        <Suspense fallback={<main className="empty">…</main>}>
          <ChartsPage lanes={lanes} />
        </Suspense>
      );
    case 'audit':
      return <AuditPage lanes={lanes} />;
  }
}
