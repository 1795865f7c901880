import { useTranslation } from 'react-i18next';
import type { Workbench } from '../../../contract/diagnostics-view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { PAGES, type PageId, toneOf } from '../pages.ts';

interface PageListProps {
  readonly workbench: Workbench;
  readonly page: PageId;
  readonly onPage: (page: PageId) => void;
}

/** Every page with its key and what is known of it. */
export function PageList({ workbench, page, onPage }: PageListProps) {
  const { t } = useTranslation();
  return (
    <nav className="page-list" aria-label={t('nav.title')}>
      {PAGES.map(({ id, key }) => (
        <button
          key={id}
          type="button"
          className="page-item"
          aria-current={id === page ? 'page' : undefined}
          data-tone={toneOf(id, workbench) ?? 'none'}
          onClick={() => onPage(id)}
        >
          <span className="page-dot" aria-hidden="true" />
          <span>{t(`nav.${id}`)}</span>
          <Kbd>{key.toUpperCase()}</Kbd>
        </button>
      ))}
    </nav>
  );
}
