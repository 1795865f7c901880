import type { Page } from '@playwright/test';

/** Text that a person can not read as it should be: outside the window, cut off by its own box, or smaller than `minPx`. */
export async function unreadableText(page: Page, minPx: number): Promise<string[]> {
  return page.evaluate((smallest) => {
    const complaints: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (element === null || text === '' || element.closest('.visually-hidden, [hidden]') !== null) continue;
      const style = getComputedStyle(element);
      if (style.visibility === 'hidden' || style.display === 'none') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) {
          complaints.push(`outside the window: ${text}`);
        }
        const button = element.closest('button');
        const frame = button?.getBoundingClientRect();
        if (
          frame !== undefined &&
          (box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom + 1)
        ) {
          complaints.push(`outside its button: ${text}`);
        }
      }
      if (Number.parseFloat(style.fontSize) < smallest - 0.01) complaints.push(`${style.fontSize}: ${text}`);
    }
    return [...new Set(complaints)];
  }, minPx);
}

/** Pairs of blocks of text that lie over each other. */
export async function overlappingText(page: Page, selectors: readonly string[]): Promise<string[]> {
  return page.evaluate((list) => {
    const boxes = list.flatMap((selector) =>
      [...document.querySelectorAll(selector)].map((element) => ({ selector, box: element.getBoundingClientRect() })),
    );
    return boxes.flatMap((a, i) =>
      boxes.slice(i + 1).flatMap((b) => {
        const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        return wide > 1 && high > 1 ? [`${a.selector} over ${b.selector}`] : [];
      }),
    );
  }, selectors);
}
