import { useTranslation } from 'react-i18next';

const LAMPS = ['red', 'amber', 'green', 'off'] as const;
type Lamp = (typeof LAMPS)[number];

interface LampButtonsProps {
  readonly legend: string;
  /** What it shows now, as far as is known. */
  readonly shown: Lamp | null;
  readonly disabled: boolean;
  readonly onLamp: (lamp: Lamp) => void;
}

/** One lamp, a button for each colour. */
export function LampButtons({ legend, shown, disabled, onLamp }: LampButtonsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="lamps">
      <legend className="visually-hidden">{legend}</legend>
      {LAMPS.map((lamp) => (
        <button
          key={lamp}
          type="button"
          className="button lamp"
          data-lamp={lamp}
          aria-pressed={shown === lamp}
          disabled={disabled}
          onClick={() => onLamp(lamp)}
        >
          <span className="lamp-light" aria-hidden="true" />
          {t(`lamps.${lamp}`)}
        </button>
      ))}
    </fieldset>
  );
}
