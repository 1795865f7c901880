import { useTranslation } from 'react-i18next';
import { benchViewSchema } from '../../contract/bench-messages.ts';
import type { BenchApi } from '../../contract/window-api.ts';
import { useView } from '../ui/use-view.ts';
import { DocumentCards } from './document-cards.tsx';
import { Faults } from './faults.tsx';
import { LanePlan } from './lane-plan.tsx';
import { People } from './people.tsx';

/** A workbench for showing the lane: documents on the left, the lane in the middle, faults and the log on the right. */
export function BenchApp({ api }: { api: BenchApi }) {
  const view = useView(api, benchViewSchema);
  const { t, i18n } = useTranslation();
  if (view === null) return <p className="empty">{t('notYet')}</p>;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium', hourCycle: 'h23' });
  return (
    <div className="bench">
      <header className="bench-head">
        <h1>{t('title')}</h1>
        <p className="quiet">{t('subtitle')}</p>
      </header>
      <section className="panel bench-documents" aria-label={t('documents.title')}>
        <header className="panel-head">
          <h2 className="panel-title">{t('documents.title')}</h2>
          <span className="quiet">{t('documents.help')}</span>
        </header>
        <div className="panel-body">
          <DocumentCards
            documents={view.documents}
            onPresent={(documentId) => api.act({ type: 'presentDocument', documentId })}
          />
        </div>
      </section>
      <main className="bench-middle">
        <section className="panel bench-people" aria-label={t('people.title')}>
          <header className="panel-head">
            <h2 className="panel-title">{t('people.title')}</h2>
            <span className="quiet">{t('people.help')}</span>
          </header>
          <div className="panel-body">
            <People
              scenes={view.scenes}
              current={view.currentScene}
              onStand={(sceneId) => api.act({ type: 'standBeforeCamera', sceneId })}
            />
          </div>
        </section>
        <section className="panel bench-lane" aria-label={t('lane.title')}>
          <header className="panel-head">
            <h2 className="panel-title">{t('lane.title')}</h2>
            <button
              type="button"
              role="switch"
              className="switch"
              aria-checked={view.walksByItself}
              aria-label={t('walksByItself.title')}
              onClick={() => api.act({ type: 'walkByItself', on: !view.walksByItself })}
            >
              <span className="switch-words">
                <b>{t('walksByItself.title')}</b> {t(view.walksByItself ? 'walksByItself.on' : 'walksByItself.off')}
              </span>
              <span className="switch-rail" aria-hidden="true">
                <span className="switch-knob" />
              </span>
            </button>
          </header>
          <div className="panel-body">
            <LanePlan doors={view.doors} place={view.place} onAct={(action) => api.act(action)} />
          </div>
        </section>
      </main>
      <aside className="bench-side">
        <section className="panel" aria-label={t('faults.title')}>
          <header className="panel-head">
            <h2 className="panel-title">{t('faults.title')}</h2>
          </header>
          <div className="panel-body">
            <Faults unplugged={view.unplugged} onAct={(action) => api.act(action)} />
          </div>
        </section>
        <section className="panel bench-log" aria-label={t('log.title')}>
          <header className="panel-head">
            <h2 className="panel-title">{t('log.title')}</h2>
          </header>
          {view.log.length === 0 ? (
            <p className="empty">{t('log.none')}</p>
          ) : (
            // A list that scrolls must be reachable by keyboard.
            // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region
            <ol className="log" tabIndex={0} aria-label={t('log.title')}>
              {[...view.log].reverse().map(({ at, text }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows hold no state
                <li key={`${at} ${text} ${index}`}>
                  <time className="mono" dateTime={at}>
                    {time.format(new Date(at))}
                  </time>
                  <span>{text}</span>
                </li>
              ))}
            </ol>
          )}
        </section>
      </aside>
    </div>
  );
}
