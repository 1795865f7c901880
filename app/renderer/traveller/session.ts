import type { Direction } from '../../contract/crossing.ts';
import { LANGUAGES, type Language, type TravellerStep } from '../../contract/traveller-view.ts';

/** How this traveller likes to see the screen. All off for the next one. */
export const COMFORTS = ['largeText', 'highContrast', 'lowPosition'] as const;
export type Comfort = (typeof COMFORTS)[number];

/** What the traveller in front of the lane chose on the screen. Lives in the window and ends with the traveller. */
export interface TravellerSession {
  readonly language: Language | null;
  readonly comforts: ReadonlySet<Comfort>;
}

export const NEW_SESSION: TravellerSession = { language: null, comforts: new Set() };

export type SessionEvent =
  | { readonly type: 'languageChosen'; readonly language: Language }
  | { readonly type: 'comfortToggled'; readonly comfort: Comfort }
  | { readonly type: 'travellerLeft' };

export function sessionAfter(session: TravellerSession, event: SessionEvent): TravellerSession {
  switch (event.type) {
    case 'languageChosen':
      return { ...session, language: event.language };
    case 'comfortToggled': {
      const comforts = new Set(session.comforts);
      if (!comforts.delete(event.comfort)) comforts.add(event.comfort);
      return { ...session, comforts };
    }
    case 'travellerLeft':
      return NEW_SESSION;
  }
}

/** The lane is waiting for the next traveller: nobody is served. */
export function isIdle(step: TravellerStep): boolean {
  return step === 'attract' || step === 'outOfService' || step === 'starting';
}

/** After this long without a touch on an idle screen, whoever chose a language has gone away. */
export const FORGET_AFTER_MS = 45_000;

const HOME_LANGUAGE: Readonly<Record<string, Language>> = { CHN: 'zh-Hans', HKG: 'zh-Hant', MAC: 'zh-Hant', PRT: 'pt' };

/** The language shown: chosen by touch, else suggested by the document, else that of the side the traveller leaves. */
export function languageShown(session: TravellerSession, suggested: Language | null, direction: Direction): Language {
  return session.language ?? suggested ?? HOME_LANGUAGE[direction.from] ?? 'en';
}

interface StoredSession {
  readonly language: Language | null;
  readonly comforts: readonly Comfort[];
}

/** For the window's own storage, so that a page that had to be loaded again in mid-crossing still speaks the chosen language. */
export function sessionToText({ language, comforts }: TravellerSession): string {
  return JSON.stringify({ language, comforts: [...comforts] } satisfies StoredSession);
}

/** Anything that is not a session of ours is a new one. */
export function sessionFromText(text: string | null): TravellerSession {
  if (text === null) return NEW_SESSION;
  try {
    const { language, comforts } = JSON.parse(text) as Partial<StoredSession>;
    const known = COMFORTS.filter((comfort) => comforts?.includes(comfort) ?? false);
    const chosen = LANGUAGES.find((candidate) => candidate === language) ?? null;
    return chosen === null && known.length === 0 ? NEW_SESSION : { language: chosen, comforts: new Set(known) };
  } catch {
    // Not JSON, or null: nobody's session.
    return NEW_SESSION;
  }
}
