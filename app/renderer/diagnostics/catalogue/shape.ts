import type { codesEn, eventsEn, factsEn } from './codes-en.ts';
import type { en } from './en.ts';

/** The same tree with any sentence at its leaves. */
type Texts<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Texts<Tree[Key]> };

export type DiagnosticsTexts = Texts<typeof en>;
export type CodeTexts = Texts<typeof codesEn>;
export type FactTexts = Texts<typeof factsEn>;
export type EventTexts = Texts<typeof eventsEn>;

/** Everything the window says in one language. */
export type DiagnosticsCatalogue = DiagnosticsTexts & {
  readonly codes: CodeTexts;
  readonly factNames: FactTexts;
  readonly events: EventTexts;
};
