import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestResult } from '../../../contract/diagnostics-view.ts';
import { Code, FactList, OutcomeTag, timeOf } from '../words.tsx';

interface TestCardProps {
  readonly title: string;
  /** What it will move, said before it is done. */
  readonly note: string;
  readonly result: TestResult | null;
  readonly children: ReactNode;
}

/** One test: what it does and moves, how to begin it, and what it gave the last time. */
export function TestCard({ title, note, result, children }: TestCardProps) {
  const { t } = useTranslation();
  return (
    <section className="test" aria-label={title}>
      <div className="test-words">
        <h3 className="test-title">{title}</h3>
        <p className="quiet">{note}</p>
      </div>
      <div className="test-acts">{children}</div>
      <div className="test-result" role="status">
        {result === null ? <p className="quiet">{t('tests.none')}</p> : <Result result={result} />}
      </div>
    </section>
  );
}

function Result({ result: { at, outcome, code, facts, checks } }: { result: TestResult }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <p className="test-outcome" data-outcome={outcome}>
        <OutcomeTag outcome={outcome} />
        <Code code={code} />
        <time className="mono quiet">{timeOf(at, i18n.language)}</time>
      </p>
      <FactList facts={facts} />
      {checks.length === 0 ? null : (
        <ul className="test-checks" aria-label={t('tests.checks')}>
          {checks.map(({ id, outcome: came, reason }) => (
            <li key={id} data-outcome={came}>
              <span>{t(`documentChecks.${id}`)}</span>
              <span className="test-check-outcome">{t(`checkOutcomes.${came}`)}</span>
              <span className="mono quiet">{reason}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
