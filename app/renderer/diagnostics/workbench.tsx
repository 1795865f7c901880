import { DoorOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagnosticsAction } from '../../contract/diagnostics-actions.ts';
import type { DiagnosticsView, Workbench } from '../../contract/diagnostics-view.ts';
import { HoldButton } from '../ui/hold-button.tsx';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { ReasonList } from './entrance.tsx';
import { PageOf } from './pages/page-of.tsx';
import { PAGES, type PageId } from './pages.ts';
import { LanePlan } from './plan/lane-plan.tsx';
import { PageList } from './plan/page-list.tsx';
import { RunningTest } from './running-test.tsx';

interface WorkbenchProps {
  readonly view: DiagnosticsView;
  readonly workbench: Workbench;
  readonly act: (action: DiagnosticsAction) => void;
}

/** The lane in the technician's hands: its plan and list on the left, one thing at a time on the right. */
export function WorkbenchView({ view, workbench, act }: WorkbenchProps) {
  const { t } = useTranslation();
  const [page, setPage] = useState<PageId>('documentScanner');
  useShortcuts(Object.fromEntries(PAGES.map(({ id, key }) => [key, () => setPage(id)])));
  const others = view.outOfServiceReasons.filter((reason) => reason !== 'diagnostics');
  const leaving = view.mode === 'leaving';
  return (
    <div className="bench-columns">
      <aside className="bench-side">
        <LanePlan workbench={workbench} page={page} onPage={setPage} />
        <PageList workbench={workbench} page={page} onPage={setPage} />
        <div className="bench-leave">
          {view.notReady ? (
            <p role="alert" className="notice" data-tone="stop">
              {t('leave.notReady')}
            </p>
          ) : null}
          {others.length > 0 ? <ReasonList reasons={others} /> : null}
          <HoldButton
            label={t('leave.button')}
            note={t(leaving ? 'leave.running' : 'leave.note')}
            shortcut="q"
            icon={<DoorOpen size={22} />}
            tone="go"
            disabled={leaving || workbench.running !== null}
            onDone={() => act({ type: 'leave' })}
          />
        </div>
      </aside>
      <main className="bench-page panel" data-page={page} aria-label={t(`nav.${page}`)}>
        <header className="panel-head">
          <h2 className="panel-title">{t(`nav.${page}`)}</h2>
        </header>
        <RunningTest running={workbench.running} act={act} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <div className="panel-body bench-scroll" tabIndex={0}>
          <PageOf page={page} view={view} workbench={workbench} act={act} />
        </div>
      </main>
    </div>
  );
}
