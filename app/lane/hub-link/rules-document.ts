import { type Direction, SIDES, type Side } from '../../contract/crossing.ts';

/** Whose rules a port's document has, by its name: `exit.json`, or `exit.chn.json` where lanes lead both ways. */
export interface RulesOf {
  readonly side: Side;
  /** ISO 3166-1 alpha-3 code. Null: the name says none, and the content alone does. */
  readonly authority: string | null;
}

export function rulesNamed(name: string): RulesOf | null {
  const [, word, code] = /^(\w+)(?:\.([a-z]{3}))?\.json$/.exec(name) ?? [];
  const side = SIDES.find((each) => each === word);
  return side === undefined ? null : { side, authority: code?.toUpperCase() ?? null };
}

/** The authority whose control this side of a lane is, by where the lane leads. */
export function authorityOf(side: Side, { from, to }: Direction): string {
  return side === 'exit' ? from : to;
}
