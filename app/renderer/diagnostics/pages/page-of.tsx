import { PAGE_CHECKS, type PageId } from '../pages.ts';
import { AccessoriesPage } from './accessories-page.tsx';
import { CameraPage } from './camera-page.tsx';
import { CheckTable } from './check-table.tsx';
import { DevicePage } from './device-page.tsx';
import { DocumentTests } from './document-tests.tsx';
import { DoorTests } from './door-tests.tsx';
import { ModelPage } from './model-page.tsx';
import type { PageProps } from './page-props.ts';
import { ReportPage } from './report-page.tsx';
import { SettingsPage } from './settings-page.tsx';
import { SoundPage } from './sound-page.tsx';
import { SupportPage } from './support-page.tsx';
import { TracePage } from './trace-page.tsx';

/** One page of the workbench by its name. */
export function PageOf({ page, ...props }: PageProps & { readonly page: PageId }) {
  switch (page) {
    case 'documentScanner':
      return (
        <DevicePage device="documentScanner" {...props}>
          <DocumentTests kind="document" {...props} />
        </DevicePage>
      );
    case 'chipReader':
      return (
        <DevicePage device="chipReader" {...props}>
          <DocumentTests kind="chip" {...props} />
        </DevicePage>
      );
    case 'laneController':
      return (
        <DevicePage device="laneController" {...props}>
          <DoorTests {...props} />
        </DevicePage>
      );
    case 'camera':
      return <CameraPage {...props} />;
    case 'faceEngine':
      return <ModelPage {...props} />;
    case 'accessories':
      return <AccessoriesPage {...props} />;
    case 'sound':
      return <SoundPage {...props} />;
    case 'settings':
      return <SettingsPage {...props} />;
    case 'trace':
      return <TracePage {...props} />;
    case 'support':
      return <SupportPage {...props} />;
    case 'report':
      return <ReportPage {...props} />;
    case 'stores':
    case 'trust':
    case 'machine':
      return <CheckTable only={PAGE_CHECKS[page] ?? []} {...props} />;
  }
}
