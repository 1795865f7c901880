import { useEffect, useState } from 'react';

const read = () => document.documentElement.dataset.theme ?? '';

/** The theme that is on the page now: charts are painted and have to be painted anew. */
export function useThemeName(): string {
  const [name, setName] = useState(read);
  useEffect(() => {
    const observer = new MutationObserver(() => setName(read()));
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  }, []);
  return name;
}
