import type { i18n } from 'i18next';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';

/** Puts a page into `<div id="root">`. */
export function mount(texts: i18n, page: ReactNode): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root element');
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={texts}>{page}</I18nextProvider>
    </StrictMode>,
  );
}
