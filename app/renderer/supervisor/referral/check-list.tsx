import { CircleCheck, CircleDashed, CircleMinus, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Check } from '../../../contract/crossing.ts';
import { Detail } from '../detail.tsx';
import { failedFirst } from './failed-first.ts';

const ICONS = { failed: CircleX, notDone: CircleDashed, notSupported: CircleMinus, passed: CircleCheck } as const;

/** Every check with its outcome, the failed ones first. */
export function CheckList({ checks }: { checks: readonly Check[] }) {
  const { t } = useTranslation();
  return (
    <ul className="checks">
      {failedFirst(checks).map((check) => {
        const Icon = ICONS[check.outcome];
        return (
          <li key={check.id} className="check" data-outcome={check.outcome}>
            <Icon size={18} aria-hidden="true" />
            <span className="check-name">{t(`checks.${check.id}`)}</span>
            <span className="check-outcome">
              <span className="check-word">{t(`outcomes.${check.outcome}`)} </span>
              {check.reason === null ? null : (
                <span className="check-reason">
                  <Detail codes={check.reason} />
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
