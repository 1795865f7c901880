import { DoorOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { DiagnosticsAction } from '../../contract/diagnostics-actions.ts';
import type { Workbench } from '../../contract/diagnostics-view.ts';
import { HoldButton } from '../ui/hold-button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { useNow } from '../ui/use-now.ts';
import { useShortcuts } from '../ui/use-shortcuts.ts';

interface RunningTestProps {
  readonly running: Workbench['running'];
  readonly act: (action: DiagnosticsAction) => void;
}

/** What runs now and what it waits for; a door is opened here and only by holding the button that names it. */
export function RunningTest({ running, act }: RunningTestProps) {
  const { t } = useTranslation();
  const now = useNow(500);
  const canCancel = running !== null && running.waitsFor !== 'work';
  useShortcuts(canCancel ? { x: () => act({ type: 'cancelTest' }) } : {});
  if (running === null) return null;
  const { door, waitsFor, question, until } = running;
  const left = until === null ? null : Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  const asks = running.test === 'door' && waitsFor === 'confirmation' && door !== null;
  return (
    <section className="running" role="status" data-waits-for={waitsFor}>
      <div className="running-words">
        <p className="running-title">
          {asks
            ? t('tests.doorAsk', { door })
            : door !== null
              ? t('tests.doorOpen', { door })
              : t(`tests.waitsFor.${waitsFor}`)}
        </p>
        {asks ? <p>{t('tests.doorWarn')}</p> : null}
        {left === null ? null : <p className="quiet">{t('tests.left', { seconds: left })}</p>}
      </div>
      {asks ? (
        <HoldButton
          label={t('tests.doorConfirm', { door })}
          note={t('tests.doorConfirmNote')}
          shortcut="y"
          icon={<DoorOpen size={22} />}
          tone="stop"
          disabled={false}
          onDone={() => act({ type: 'confirmDoorTest', door, question })}
        />
      ) : null}
      {canCancel ? (
        <button type="button" className="button" onClick={() => act({ type: 'cancelTest' })}>
          {t(waitsFor === 'doorToShut' ? 'tests.shutNow' : 'cancel')}
          <Kbd>X</Kbd>
        </button>
      ) : null}
    </section>
  );
}
