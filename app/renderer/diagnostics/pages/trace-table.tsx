import { ArrowDownLeft, ArrowUpRight, Circle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TraceLine } from '../../../contract/diagnostics-view.ts';
import { timeOf } from '../words.tsx';

const ICONS = { out: ArrowUpRight, in: ArrowDownLeft, state: Circle } as const;

/** Lines of the trace, the newest on top. */
export function TraceTable({ lines }: { lines: readonly TraceLine[] }) {
  const { t, i18n } = useTranslation();
  return (
    <section className="trace" aria-label={t('trace.title')}>
      <h3 className="section-title">{t('trace.title')}</h3>
      {lines.length === 0 ? (
        <p className="quiet">{t('trace.none')}</p>
      ) : (
        <table className="trace-table">
          <thead className="visually-hidden">
            <tr>
              <th scope="col">{t('trace.time')}</th>
              <th scope="col">{t('trace.device')}</th>
              <th scope="col">{t('trace.what')}</th>
              <th scope="col">{t('trace.detail')}</th>
            </tr>
          </thead>
          <tbody className="mono">
            {[...lines].reverse().map(({ number, at, device, mark, what, detail }) => {
              const Icon = ICONS[mark];
              return (
                <tr key={number} data-mark={mark}>
                  <td>{timeOf(at, i18n.language)}</td>
                  <td>{device}</td>
                  <td>
                    <Icon size={12} aria-hidden="true" /> {what}
                  </td>
                  <td>{detail}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
