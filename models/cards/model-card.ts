import type { ErrorRates, OperatingPoint } from '../evaluation/error-rates.ts';
import type { PadRates } from '../evaluation/pad-rates.ts';
import type { ModelEntry, ModelOf } from '../manifest.ts';

import { groupSection } from './group-section.ts';

/** What a card takes from a run of the face bench. */
export interface MeasuredFigures {
  readonly sets: readonly {
    readonly set: string;
    readonly images: number;
    readonly failedToAcquire: number;
    readonly gateRejects: number;
    readonly gateReasons: Readonly<Record<string, number>>;
    readonly gateSaves: { readonly pairs: number; readonly notMatched: number };
    readonly all: ErrorRates;
    readonly gated: ErrorRates;
    readonly inUse: { readonly all: OperatingPoint; readonly gated: OperatingPoint };
    readonly split: OperatingPoint | null;
    readonly heldOut: OperatingPoint;
    readonly everyPair: { readonly all: OperatingPoint['fmr']; readonly gated: OperatingPoint['fmr'] };
  }[];
  readonly pad: readonly { readonly file: string; readonly liveness: number | null }[];
  readonly padRates: PadRates;
}

/** What each model is used for and what it can't do; the same for every model of the role. */
const ROLES: Readonly<Record<ModelEntry['role'], { readonly use: string; readonly limits: string }>> = {
  detector: {
    use: 'Finds faces. The image is brought to the input size in its own shape; when nothing is found, squashed, then smaller, with a lower score.',
    limits: 'Faces narrower than about a thirtieth of the image are missed. Says nothing about who or whether alive.',
  },
  landmarks: {
    use: 'Finds 68 points (iBUG 300-W markup) in three passes, the last of them mirrored; five of them align the face.',
    limits:
      'Carries no confidence: on a bad crop it answers all the same. The quality gate and the length of the template stand in for that.',
  },
  recogniser: {
    use: 'One template a face; two templates are compared by cosine similarity.',
    limits:
      'Training data unknown, so differences between groups of people are unknown beyond what is stated here. Patterns over a face make different people match; the gate turns such faces away. Twins and close kin were not measured.',
  },
  presentationAttack: {
    use: 'Judges the face with its surroundings: live or an attack.',
    limits:
      'Too few attack photographs were available for an error rate that means anything. Masks, make-up, deepfakes and injected video were not tried at all; a film in a loop is found by its frames, not by this model. Where it is unsure the traveller is asked for movements. The score of one bona fide still moves by half with the cut; specimen people with a plain cut-out around them are sometimes taken for prints.',
  },
  pose: {
    use: 'Yaw, pitch and roll of the head in degrees, for the quality gate.',
    limits: 'Pitch reads about 10 degrees low on frontal photographs; the gate leaves room for that.',
  },
  eyes: {
    use: 'Probability that an eye is open; reported with the quality measures.',
    limits:
      'Not part of the gate: of 17 photographs of both eyes closed that it named in ORL and LFW crops, one showed narrow open eyes and some lowered ones. A gate on it would keep some people waiting for nothing.',
  },
};

/** The card of one model as Markdown. */
export function modelCard(model: ModelEntry, measured: MeasuredFigures): string {
  const { source, input } = model;
  const { layout } = input;
  const role = ROLES[model.role];
  const sections = [
    `# ${model.id}`,
    '<!-- Written by models/cards/write-cards.ts: change the manifest or measure again, not this file. -->',
    `**Role**: ${model.role}. ${role.use}`,
    [
      `- **Origin**: npm package \`${source.package}@${source.version}\`, \`${source.file}\`, licence ${source.licence}. ${source.origin}`,
      `- **sha256**: \`${model.sha256}\``,
      `- **Input**: \`${input.name}\`, ${input.width} x ${input.height}, ${layout.order}, (value - ${layout.mean.join('/')}) / ${layout.scale.join('/')}`,
      '- **When it is opened**: float weights below 1e-15 are set to zero, and PRelu is computed as convolutions (speed only; outputs agree with the golden vectors).',
    ].join('\n'),
    `**What it can't do**: ${role.limits}`,
  ];
  if (model.role === 'recogniser') sections.push(recogniserSection(model, measured));
  if (model.role === 'presentationAttack') sections.push(padSection(model, measured));
  return `${sections.join('\n\n')}\n`;
}

function recogniserSection(model: ModelOf<'recogniser'>, { sets }: MeasuredFigures): string {
  const points = model.operatingPoints.map(({ threshold, fmr, fmrUpper95, fnmr, measuredOn }) => [
    `${threshold}`,
    `${fmr.toExponential(1)} (at most ${fmrUpper95.toExponential(1)})`,
    percent(fnmr),
    measuredOn,
  ]);
  const rows = sets.flatMap(({ set, images, failedToAcquire, gateRejects, all, gated, inUse }) => [
    rateRow(`${set}, all`, `${failedToAcquire}/${images}`, all, inUse.all),
    rateRow(`${set}, passing the gate`, `gate rejects ${gateRejects}`, gated, inUse.gated),
  ]);
  const splits = sets.flatMap(({ set, split }) =>
    split
      ? [
          [
            set,
            split.threshold.toFixed(3),
            `${split.fmr.errors}/${split.fmr.trials}, at most ${split.fmr.high.toExponential(1)}`,
            interval(split.fnmr),
          ],
        ]
      : [],
  );
  return [
    `## Threshold in use: ${model.threshold}`,
    model.thresholdReason,
    table(['Threshold', 'FMR', 'FNMR', 'Measured on'], points),
    ...groupSection(model, sets),
    '## Measured with this pipeline',
    'Intervals are 95 % (Wilson; 3/n where there was no error). Pairs share images, so the true intervals are wider. The sets are mixed: their FMR is too kind for a lane whose travellers are of one group.',
    table(
      [
        'Set',
        'Failed to acquire',
        'Pairs same/different',
        'EER',
        'FNMR at FMR 1e-2',
        '1e-3',
        '1e-4',
        'no false match',
        'FNMR in use',
        'FMR in use',
      ],
      rows,
    ),
    'Threshold for FMR 1e-3 chosen on one half of the people, rates of the other half:',
    table(['Set', 'Threshold', 'FMR', 'FNMR'], splits),
    `## The quality gate

The least template length (${model.distinctTemplateNorm}) was chosen on the first half of the people of lfw-crops; what follows is the other half of each set at the threshold in use, on photographs that pass the gate, same-person pairs as the set names them and every pair of different people. None of these sets says who is of which group. ORL comes nearest to a single one (people of one laboratory in England); lfw-crops is mixed, and some of its labels are wrong.`,
    table(
      ['Set', 'FNMR', 'FMR'],
      sets.map(({ set, heldOut }) => [
        set,
        `${interval(heldOut.fnmr)} (${heldOut.fnmr.errors}/${heldOut.fnmr.trials})`,
        `${heldOut.fmr.errors}/${heldOut.fmr.trials}, at most ${heldOut.fmr.high.toExponential(1)}`,
      ]),
    ),
    'What the gate rejects, and what that saves at the threshold in use:',
    table(
      ['Set', 'Rejected', 'Because', 'Pairs not compared', 'of which would have failed'],
      sets.map(({ set, images, gateRejects, gateReasons, gateSaves }) => [
        set,
        `${gateRejects}/${images}`,
        Object.entries(gateReasons)
          .map(([reason, count]) => `${reason} ${count}`)
          .join(', '),
        `${gateSaves.pairs}`,
        `${gateSaves.notMatched}`,
      ]),
    ),
  ].join('\n\n');
}

function rateRow(name: string, acquired: string, rates: ErrorRates, inUse: OperatingPoint): string[] {
  const fnmr = rates.fnmrAtFmr.map(({ point }) => (point ? interval(point.fnmr) : ''));
  const fmr = `${inUse.fmr.errors}/${inUse.fmr.trials}, at most ${inUse.fmr.high.toExponential(1)}`;
  const pairs = `${rates.samePairs}/${rates.differentPairs}`;
  return [name, acquired, pairs, percent(rates.eer), ...fnmr, interval(inUse.fnmr), fmr];
}

function padSection(model: ModelOf<'presentationAttack'>, { pad, padRates }: MeasuredFigures): string {
  const { apcer, bpcer, unsureAttacks, unsureLive } = padRates;
  const counted = (rate: PadRates['apcer']): string =>
    `${rate.errors}/${rate.trials}, 95 % interval ${percent(rate.low)} to ${percent(rate.high)}`;
  const rows = pad.map(({ file, liveness }) => [file, liveness === null ? 'no face' : liveness.toFixed(4)]);
  return [
    `## Live from ${model.liveFrom}, suspected below ${model.spoofBelow}`,
    model.thresholdReason,
    table(['Sample', 'Liveness'], rows),
    `APCER ${counted(apcer)}; BPCER ${counted(bpcer)}; unsure: ${unsureAttacks} attacks, ${unsureLive} live. So few samples say that it works at all, not how well.`,
  ].join('\n\n');
}

/** Cells padded to their column, as the formatter of this repository wants tables. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, i) => Math.max(3, cell.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

const percent = (value: number | null): string => (value === null ? '' : `${(value * 100).toFixed(2)} %`);
const interval = ({ value, low, high }: OperatingPoint['fnmr']): string =>
  `${percent(value)} [${percent(low)}, ${percent(high)}]`;
