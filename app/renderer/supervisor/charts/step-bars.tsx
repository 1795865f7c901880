import { useTranslation } from 'react-i18next';
import type { ConsoleAnswerOf } from '../../../contract/supervisor-console.ts';
import { secondsText } from '../figures.ts';

/** Where the time of a crossing goes: a bar for the median, a mark for what 95 % stay within. */
export function StepBars({ steps }: { steps: ConsoleAnswerOf<'charts'>['steps'] }) {
  const { t, i18n } = useTranslation();
  const longest = Math.max(1, ...steps.map(({ p95Ms }) => p95Ms ?? 0));
  const share = (ms: number | null) => `${((ms ?? 0) / longest) * 100}%`;
  return (
    <figure className="panel chart">
      <figcaption className="panel-title">{t('charts.steps')}</figcaption>
      <table className="step-table">
        <thead>
          <tr>
            <th scope="col">{t('charts.step')}</th>
            <td />
            <th scope="col">{t('figures.median')}</th>
            <th scope="col">{t('figures.p95')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ step, medianMs, p95Ms }) => (
            <tr key={step}>
              <th scope="row">{t(`charts.stepNames.${step}`)}</th>
              <td className="step-bar" aria-hidden="true">
                <span className="step-median" style={{ width: share(medianMs) }} />
                <span className="step-p95" style={{ left: share(p95Ms) }} />
              </td>
              <td>{secondsText(medianMs, i18n.language)}</td>
              <td>{secondsText(p95Ms, i18n.language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
