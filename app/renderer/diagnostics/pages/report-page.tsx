import { ClipboardCheck, Printer } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CHECK_GROUPS, SELF_CHECKS } from '../../../contract/diagnostics-checks.ts';
import { Code, dateTimeOf, FactList, OutcomeTag, ToneTag } from '../words.tsx';
import type { PageProps } from './page-props.ts';

/** The whole self-test on one page, to be read here and to be printed and signed. */
export function ReportPage({ view, workbench, act }: PageProps) {
  const { t, i18n } = useTranslation();
  const { readiness, running } = workbench;
  return (
    <>
      <div className="row no-print">
        <p className="quiet">{t('report.runNote')}</p>
        <div className="row-end">
          <button
            type="button"
            className="button"
            disabled={running !== null || view.mode === 'leaving'}
            onClick={() => act({ type: 'checkReadiness' })}
          >
            <ClipboardCheck size={16} aria-hidden="true" />
            {t('report.run')}
          </button>
          <button type="button" className="button" disabled={readiness === null} onClick={() => window.print()}>
            <Printer size={16} aria-hidden="true" />
            {t('report.print')}
          </button>
        </div>
      </div>
      {readiness === null ? (
        <p className="quiet">{t('report.none')}</p>
      ) : (
        <article className="report">
          <header className="report-head">
            <h3 className="report-title">{t('report.title')}</h3>
            <ToneTag tone={readiness.ready ? 'go' : 'stop'}>
              {t(readiness.ready ? 'report.ready' : 'report.notReady')}
            </ToneTag>
            <p className="quiet">
              {t('report.of', {
                lane: readiness.laneId,
                at: dateTimeOf(readiness.at, i18n.language),
                software: readiness.software,
              })}
            </p>
          </header>
          <table className="report-table">
            <thead>
              <tr>
                <th scope="col">{t('report.check')}</th>
                <th scope="col">{t('report.outcome')}</th>
                <th scope="col">{t('report.facts')}</th>
              </tr>
            </thead>
            {CHECK_GROUPS.map((group) => {
              const own = readiness.checks.filter(({ id }) => SELF_CHECKS[id] === group);
              return own.length === 0 ? null : (
                <tbody key={group}>
                  <tr className="report-group">
                    <th scope="rowgroup" colSpan={3}>
                      {t(`groups.${group}`)}
                    </th>
                  </tr>
                  {own.map(({ id, outcome, code, facts }) => (
                    <tr key={id} data-check={id} data-outcome={outcome}>
                      <th scope="row">{t(`selfChecks.${id}`)}</th>
                      <td>
                        <OutcomeTag outcome={outcome} />
                      </td>
                      <td>
                        <Code code={code} />
                        <FactList facts={facts} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              );
            })}
          </table>
          <p className="report-sign only-print">{t('report.signature')}</p>
        </article>
      )}
    </>
  );
}
