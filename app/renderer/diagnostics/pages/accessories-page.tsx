import { useTranslation } from 'react-i18next';
import { ACCESSORIES, type Workbench } from '../../../contract/diagnostics-view.ts';
import { HealthPanel } from './device-page.tsx';
import { TraceTable } from './trace-table.tsx';

const OWN_TRACE_LINES = 12;
const isAccessory = (device: string): boolean => (ACCESSORIES as readonly string[]).includes(device);

/** What only some lanes have, one health each. */
export function AccessoriesPage({ workbench }: { readonly workbench: Workbench }) {
  const { t } = useTranslation();
  return (
    <>
      {ACCESSORIES.map((device) => (
        <div key={device} data-accessory={device}>
          <h3>{t(`selfChecks.${device}`)}</h3>
          <HealthPanel device={device} workbench={workbench} label={t(`selfChecks.${device}`)} />
        </div>
      ))}
      <TraceTable lines={workbench.trace.filter((line) => isAccessory(line.device)).slice(-OWN_TRACE_LINES)} />
    </>
  );
}
