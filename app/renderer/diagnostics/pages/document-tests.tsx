import { useTranslation } from 'react-i18next';
import type { PageProps } from './page-props.ts';
import { TestCard } from './test-card.tsx';

/** Reading a test document, registering one, reading a chip. */
export function DocumentTests({ kind, view, workbench, act }: PageProps & { readonly kind: 'document' | 'chip' }) {
  const { t } = useTranslation();
  const busy = workbench.running !== null || view.mode !== 'inside';
  const fitted = workbench.devices.find(({ device }) => device === 'chipReader')?.state !== 'notFitted';
  const result = workbench.results.find(({ test }) => test === kind) ?? null;
  if (kind === 'chip') {
    return (
      <TestCard title={t('tests.chip')} note={t('tests.chipNote')} result={result}>
        <button type="button" className="button" disabled={busy || !fitted} onClick={() => act({ type: 'testChip' })}>
          {t('tests.chip')}
        </button>
      </TestCard>
    );
  }
  const registering = result !== null && result.code === 'registered';
  return (
    <>
      <TestCard title={t('tests.document')} note={t('tests.documentNote')} result={registering ? null : result}>
        <button type="button" className="button" disabled={busy} onClick={() => act({ type: 'testDocument' })}>
          {t('tests.document')}
        </button>
      </TestCard>
      <TestCard title={t('tests.register')} note={t('tests.registerNote')} result={registering ? result : null}>
        <span className="quiet">{t('tests.registered', { count: workbench.testDocuments })}</span>
        <button type="button" className="button" disabled={busy} onClick={() => act({ type: 'registerTestDocument' })}>
          {t('tests.register')}
        </button>
      </TestCard>
    </>
  );
}
