import type { Catalogue } from './texts.ts';

/** All leaves of a catalogue as `[path, sentence]`, in the order they are written. */
export function flattenCatalogue(catalogue: Catalogue, prefix = ''): [path: string, text: string][] {
  return Object.entries(catalogue).flatMap(([key, value]): [string, string][] => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return typeof value === 'string' ? [[path, value]] : flattenCatalogue(value, path);
  });
}
