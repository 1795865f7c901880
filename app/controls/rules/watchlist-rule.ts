import type { DecisionCode } from '../../contract/decision-codes.ts';
import type { WatchlistHit, WatchStrength } from './facts.ts';
import type { Finding, Rule } from './finding.ts';

const CODES: Record<WatchStrength, DecisionCode> = {
  document: 'watchlistDocument',
  person: 'watchlistPerson',
  name: 'watchlistName',
};

/** Any hit stops the crossing, without a sign to the traveller or to the other side. Exact ones come first. */
export const judgeWatchlist: Rule = ({ watchlist }, { watchlistHits }) =>
  watchlist.enforced ? [...watchlistHits].sort(byStrength).map(toFinding) : [];

function toFinding({ entryId, strength, word }: WatchlistHit): Finding {
  return { word, code: CODES[strength], rule: `watchlist.${entryId}`, silent: true };
}

const ORDER: readonly WatchStrength[] = ['document', 'person', 'name'];

function byStrength(a: WatchlistHit, b: WatchlistHit): number {
  return ORDER.indexOf(a.strength) - ORDER.indexOf(b.strength) || (a.entryId < b.entryId ? -1 : 1);
}
