import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { COMFORTS, type Comfort } from './session.ts';

const ICONS: Readonly<Record<Comfort, ReactNode>> = {
  largeText: <path d="M4 36 L14 12 L24 36 M8 28 H20 M27 36 L34.5 19 L42 36 M30 30 H39" />,
  highContrast: (
    <>
      <circle cx="24" cy="24" r="16" />
      <path className="icon-solid" d="M24 8 a16 16 0 0 1 0 32 z" />
    </>
  ),
  lowPosition: <path d="M8 40 H40 M24 8 V31 M14 22 L24 32 L34 22" />,
};

interface ComfortBarProps {
  readonly on: ReadonlySet<Comfort>;
  readonly onToggle: (comfort: Comfort) => void;
}

/** Larger text, higher contrast, everything lower: one touch each, undone by the next. */
export function ComfortBar({ on, onToggle }: ComfortBarProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="comfort-bar">
      <legend className="visually-hidden">{t('labels.comfort')}</legend>
      {COMFORTS.map((comfort) => (
        <button
          key={comfort}
          type="button"
          className="comfort-button"
          data-comfort={comfort}
          aria-pressed={on.has(comfort)}
          onClick={() => onToggle(comfort)}
        >
          <svg className="comfort-icon" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
            {ICONS[comfort]}
          </svg>
          <span>{t(`comfort.${comfort}`)}</span>
        </button>
      ))}
    </fieldset>
  );
}
