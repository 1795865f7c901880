import { type Rate, rateOf } from '../evaluation/error-rates.ts';
import type { ModelOf } from '../manifest.ts';

interface SetOfPairs {
  readonly set: string;
  readonly everyPair: { readonly all: Rate; readonly gated: Rate };
}

/** What a lane is held to within one ethnic group. */
const WANTED_FMR = 1e-3;
/**
 * False matches within one group over those of mixed people at the same threshold, as a prototype of this pipeline had them: 3.0e-3
 * to 2.9e-5 at 0.45, 5.3e-4 to 4.0e-6 at 0.50. The larger one.
 */
const GROUP_FACTOR = 130;

/** What is known, and what is not, of the threshold in use where everybody is of one group. Markdown paragraphs. */
export function groupSection(model: ModelOf<'recogniser'>, sets: readonly SetOfPairs[]): readonly string[] {
  const point = model.operatingPoints.find(({ threshold }) => threshold === model.threshold);
  const total = sum(sets.map(({ everyPair }) => everyPair.all));
  const bound = total.high * GROUP_FACTOR;
  const orl = sets.find(({ set }) => set === 'orl')?.everyPair;
  const lines = [
    point
      ? `Measured before, with a prototype: FMR ${power(point.fmr)}, with 95 % confidence at most ${power(point.fmrUpper95)} (${point.measuredOn}). This is what the threshold rests on.`
      : 'No operating point of the manifest is of this threshold.',
    `Measured here on mixed people, every two photographs of different people in all sets: ${counted(total)}. Within one group the prototype had up to ${GROUP_FACTOR} times the false matches of mixed people at one threshold. If that holds here too, FMR within one group is at most ${power(bound)}: ${bound <= WANTED_FMR ? 'below' : 'too few pairs to show that it is below'} ${power(WANTED_FMR)} by this way alone.`,
    ...(orl
      ? [`Nearest to one group here is ORL, people of one laboratory in England: ${counted(orl.gated)}, gated.`]
      : []),
    ...sets.map(
      ({ set, everyPair }) => `${set}: ${counted(everyPair.all)}; passing the gate ${counted(everyPair.gated)}.`,
    ),
  ];
  return [
    '## Within one ethnic group',
    '**The false match rate within one ethnic group was not measured with this pipeline: no set at hand says who is of which group.** What there is instead:',
    lines.map((line) => `- ${line}`).join('\n'),
    'One photograph is part of many pairs, and there are 40 to 250 people in a set: the true intervals are wider than these. Before a lane relies on the threshold for its own travellers, `jointgate face calibrate` on photographs of such travellers says what it stands for there.',
  ];
}

function sum(rates: readonly Rate[]): Rate {
  const add = (of: (rate: Rate) => number): number => rates.reduce((total, rate) => total + of(rate), 0);
  return rateOf(
    add(({ errors }) => errors),
    add(({ trials }) => trials),
  );
}

const power = (value: number): string => value.toExponential(1);
const counted = ({ errors, trials, high }: Rate): string =>
  `${errors}/${trials} false matches, at most ${power(high)} with 95 % confidence`;
