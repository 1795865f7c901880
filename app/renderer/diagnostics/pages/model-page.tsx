import { useTranslation } from 'react-i18next';
import { HealthPanel } from './device-page.tsx';
import type { PageProps } from './page-props.ts';
import { TestCard } from './test-card.tsx';

/** The face models against what they gave where they were proved. */
export function ModelPage({ view, workbench, act }: PageProps) {
  const { t } = useTranslation();
  const busy = workbench.running !== null || view.mode !== 'inside';
  return (
    <>
      <HealthPanel device="faceEngine" workbench={workbench} />
      <TestCard
        title={t('tests.models')}
        note={t('tests.modelsNote')}
        result={workbench.results.find(({ test }) => test === 'models') ?? null}
      >
        <button type="button" className="button" disabled={busy} onClick={() => act({ type: 'testModels' })}>
          {t('tests.models')}
        </button>
      </TestCard>
    </>
  );
}
