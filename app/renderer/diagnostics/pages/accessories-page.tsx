import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ACCESSORIES, type AccessoryName } from '../../../contract/diagnostics-view.ts';
import { FaceCameraTest, LampTest, TiltTest } from './accessory-tests.tsx';
import { HealthPanel } from './device-page.tsx';
import { LightTest } from './light-test.tsx';
import type { PageProps } from './page-props.ts';
import { TraceTable } from './trace-table.tsx';

const OWN_TRACE_LINES = 12;
const isAccessory = (device: string): boolean => (ACCESSORIES as readonly string[]).includes(device);

const TESTS: Readonly<Record<AccessoryName, (props: PageProps) => ReactNode>> = {
  faceCamera: FaceCameraTest,
  cameraLight: LightTest,
  cameraTilt: TiltTest,
  indicator: LampTest,
};

/** What only some lanes have: one health each, and its own test where it is fitted. */
export function AccessoriesPage(props: PageProps) {
  const { t } = useTranslation();
  const { workbench } = props;
  return (
    <>
      {ACCESSORIES.map((device) => {
        const Test = TESTS[device];
        const fitted = workbench.devices.some((each) => each.device === device && each.state !== 'notFitted');
        return (
          <div key={device} className="accessory" data-accessory={device}>
            <h3>{t(`selfChecks.${device}`)}</h3>
            <HealthPanel device={device} workbench={workbench} label={t(`selfChecks.${device}`)} />
            {fitted ? <Test {...props} /> : null}
          </div>
        );
      })}
      <TraceTable lines={workbench.trace.filter((line) => isAccessory(line.device)).slice(-OWN_TRACE_LINES)} />
    </>
  );
}
