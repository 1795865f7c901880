import { useTranslation } from 'react-i18next';
import { LampButtons } from './lamp-buttons.tsx';
import type { PageProps } from './page-props.ts';
import { TestCard } from './test-card.tsx';

/** Each door once, by question and answer, and its lamp in each colour. */
export function DoorTests({ view, workbench, act }: PageProps) {
  const { t, i18n } = useTranslation();
  const busy = workbench.running !== null || view.mode !== 'inside';
  const number = new Intl.NumberFormat(i18n.language);
  return workbench.doors.map(({ door, state, lamp, occupied, countForward, countBackward, errorBits }) => {
    const result = workbench.results.find(({ test, facts }) => test === 'door' && facts.door === door) ?? null;
    return (
      <TestCard key={door} title={t('tests.door', { door })} note={t('tests.doorNote', { door })} result={result}>
        <p className="door-figures mono quiet" data-state={state}>
          {t(`doorStates.${state}`)} · ↑{number.format(countForward)} ↓{number.format(countBackward)}
          {occupied ? ' · !' : ''}
          {errorBits === 0 ? '' : ` · 0x${errorBits.toString(16)}`}
        </p>
        <button
          type="button"
          className="button"
          disabled={busy || state !== 'shut'}
          onClick={() => act({ type: 'askDoorTest', door })}
        >
          {t('tests.door', { door })}
        </button>
        <LampButtons
          legend={t('tests.lamp', { door })}
          shown={lamp}
          disabled={busy}
          onLamp={(each) => act({ type: 'setLamp', door, lamp: each })}
        />
      </TestCard>
    );
  });
}
