/** The font family that draws a language's own characters; Latin letters come from Noto Sans in all of them. */
const FAMILIES: Readonly<Record<string, string>> = {
  'zh-Hant': 'Noto Sans HK Variable',
  'zh-Hans': 'Noto Sans SC Variable',
};
const LATIN = 'Noto Sans Variable';

/** A screen is shown without its fonts after this long: ugly words are better than none. */
const PATIENCE_MS = 800;

/**
 * Loads the slices of the fonts that `text` needs in `language`. The fonts are cut into slices of some hundred characters that a
 * browser fetches when it first draws one; a kiosk without Chinese system fonts would show empty boxes until then.
 * Always settles, at the latest after the patience is over.
 */
export async function loadFonts(language: string, text: string): Promise<void> {
  const families = [LATIN, ...(FAMILIES[language] === undefined ? [] : [FAMILIES[language]])];
  const patience = new Promise<void>((resolve) => {
    setTimeout(resolve, PATIENCE_MS);
  });
  const loads = families.map((family) => document.fonts.load(`1em "${family}"`, text));
  // A font file that can not be read is a broken installation, reported by the browser itself; the screen goes on without.
  await Promise.race([patience, Promise.allSettled(loads)]);
}
