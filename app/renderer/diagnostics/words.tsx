import { CircleAlert, CircleCheck, CircleMinus, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Facts, SelfOutcome } from '../../contract/diagnostics-checks.ts';
import { OUTCOME_TONES, type Tone } from './pages.ts';

const ICONS = { go: CircleCheck, attention: CircleAlert, stop: CircleX, neutral: CircleMinus } as const;

/** A state in a word, a colour and a shape: none of them is the only carrier. */
export function ToneTag({ tone, children }: { tone: Tone; children: string }) {
  const Icon = ICONS[tone];
  return (
    <span className="tag" data-tone={tone}>
      <Icon size={14} aria-hidden="true" />
      {children}
    </span>
  );
}

export function OutcomeTag({ outcome }: { outcome: SelfOutcome }) {
  const { t } = useTranslation();
  return <ToneTag tone={OUTCOME_TONES[outcome]}>{t(`outcomes.${outcome}`)}</ToneTag>;
}

/** A code in words where there are any, and always as it stands in journal, driver and manual. */
export function Code({ code }: { code: string | null }) {
  const { t, i18n } = useTranslation();
  if (code === null) return null;
  const shelf = ['codes', 'documentChecks'].find((name) => i18n.exists(`${name}.${code}`));
  return (
    <span className="code">
      {shelf === undefined ? null : <span>{t(`${shelf}.${code}`)} </span>}
      <span className="mono quiet">{code}</span>
    </span>
  );
}

/** Figures in the order they were given. */
export function FactList({ facts }: { facts: Facts }) {
  const { t, i18n } = useTranslation();
  const entries = Object.entries(facts).filter(([, value]) => value !== null);
  if (entries.length === 0) return null;
  return (
    <dl className="facts">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{i18n.exists(`factNames.${name}`) ? t(`factNames.${name}`) : <span className="mono">{name}</span>}</dt>
          <dd className="mono">
            {typeof value === 'number' ? new Intl.NumberFormat(i18n.language).format(value) : String(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Hours, minutes and seconds of an instant, by the machine's own zone. */
export function timeOf(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(new Date(iso));
}

export function dateTimeOf(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', hour12: false }).format(
    new Date(iso),
  );
}
