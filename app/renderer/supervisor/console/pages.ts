import type { Permission } from '../../../contract/supervisor-console.ts';

export const PAGES = ['lane', 'wall', 'search', 'charts', 'audit'] as const;
export type Page = (typeof PAGES)[number];

/** The keys of the pages; none of them is a key of what is on a page. */
export const PAGE_KEYS: Readonly<Record<Page, string>> = { lane: 'g', wall: 'w', search: 's', charts: 'h', audit: 'u' };

/** What this officer may look at. A wall of one lane is no wall. */
export function pagesOf(may: readonly Permission[], lanes: number): readonly Page[] {
  return PAGES.filter((page) => page === 'lane' || (page === 'wall' ? lanes > 1 : may.includes(page)));
}
