import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

/**
 * What axe-core finds wrong on the page as it stands: WCAG 2.2 A and AA and its best practices, with `contrast: 7` also the
 * enhanced contrast of AAA. Empty means nothing.
 */
export async function axeViolations(page: Page, contrast: 4.5 | 7): Promise<string[]> {
  await page.evaluate(source);
  const options = { rules: { 'color-contrast-enhanced': { enabled: contrast === 7 } } };
  const result = await page.evaluate(
    (chosen) => (window as unknown as { axe: { run(options: unknown): Promise<AxeResult> } }).axe.run(chosen),
    options,
  );
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}
