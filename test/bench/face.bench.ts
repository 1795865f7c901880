import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { unwrap } from '../../app/contract/result.ts';
import { cutPortrait, liveFrames } from '../../app/demo/specimens/specimens.ts';
import { type DetCurve, detPlot } from '../../models/evaluation/det-plot.ts';
import {
  type ErrorRates,
  errorRates,
  type OperatingPoint,
  type Rate,
  ratesAt,
  thresholdForFmr,
} from '../../models/evaluation/error-rates.ts';
import { isAttackByName, type PadRates, type PadSample, padRates } from '../../models/evaluation/pad-rates.ts';
import { allDifferent, halves, type ImagePair, parsePairs } from '../../models/evaluation/pairs-file.ts';
import { PhotoSet, percentile, scorePairs } from '../../models/evaluation/photo-set.ts';
import { FaceEngine } from '../../models/face/face-engine.ts';
import { DEFAULT_MODEL_ROOT } from '../../models/face/model-files.ts';
import { readPhotograph } from '../../models/face/photograph.ts';
import { closePipeline, type FacePipeline, openPipeline } from '../../models/face/pipeline.ts';
import { activeModel, readManifest } from '../../models/manifest.ts';
import { type FramesBesideLane, framesBesideLane } from './frames-beside-lane.ts';

// Error rates on photographs beside the repository (second tier: nothing of them is stored here) and the engine's speed on
// specimens. `node test/bench/face.bench.ts [--cards] [SET..]`; figures go to out/bench/face.json, curves to
// out/bench/face-det.svg. `npm run bench:face` also writes the figures into the model cards.

const OUT = fileURLToPath(new URL('../../out/bench/', import.meta.url));
const DATA = fileURLToPath(new URL('../../../shared/data/faces/', import.meta.url));
const COLOURS = ['#0b5fff', '#c2410c', '#15803d', '#7e22ce', '#be123c'];

export interface SetFigures {
  readonly set: string;
  readonly images: number;
  readonly failedToAcquire: number;
  readonly gateRejects: number;
  /** How many photographs each objection was raised to. */
  readonly gateReasons: Readonly<Record<string, number>>;
  /** Same-person pairs with a rejected photograph, and how many of those would not have matched. */
  readonly gateSaves: { readonly pairs: number; readonly notMatched: number };
  readonly all: ErrorRates;
  readonly gated: ErrorRates;
  /** The manifest's threshold, on photographs that pass the gate and on all. */
  readonly inUse: { readonly all: OperatingPoint; readonly gated: OperatingPoint };
  /** Threshold for FMR 1e-3 chosen on one half of the people, measured on the other half. */
  readonly split: OperatingPoint | null;
  /** The manifest's threshold and gate on the half of the people that nothing was chosen on. */
  readonly heldOut: OperatingPoint;
  /** The manifest's threshold on every two photographs of different people in the set, and on those that pass the gate. */
  readonly everyPair: { readonly all: Rate; readonly gated: Rate };
  readonly ms: { readonly median: number; readonly p95: number };
}

export interface FaceBench {
  readonly sets: readonly SetFigures[];
  readonly pad: readonly PadSample[];
  readonly padRates: PadRates;
  readonly speed: Readonly<Record<string, number>>;
  /** A camera at the least rate that must be kept up with, and one of twice that. */
  readonly besideLane: { readonly steady: FramesBesideLane; readonly fast: FramesBesideLane };
}

/** What the lane is held to. Milliseconds, frames a second, MB. */
const LIMITS = {
  frameMedianMs: 60,
  portraitMedianMs: 80,
  firstDecisionMs: 400,
  framesPerSecond: 15,
  rssGrowthMb: 350,
} as const;

export async function run(only: readonly string[] = []): Promise<FaceBench> {
  const manifest = unwrap(await readManifest());
  const speed = await measureSpeed();
  const steady = await framesBesideLane(LIMITS.framesPerSecond, 8);
  const besideLane = { steady, fast: await framesBesideLane(2 * LIMITS.framesPerSecond, 8) };
  if (!existsSync(DATA)) process.stderr.write(`face bench: no photographs in ${DATA}, error rates are not measured\n`);
  const pipeline = unwrap(await openPipeline({ manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
  const names = existsSync(DATA) ? readdirSync(DATA).filter((name) => existsSync(`${DATA}${name}/pairs.csv`)) : [];
  const wanted = names.filter((name) => only.length === 0 || only.includes(name));
  const sets: SetFigures[] = [];
  const curves: DetCurve[] = [];
  for (const [i, name] of wanted.entries()) {
    const { figures, scores } = await measureSet(pipeline, name);
    sets.push(figures);
    curves.push({ name, colour: COLOURS[i % COLOURS.length]!, scores });
  }
  const pad = await measurePad(pipeline);
  await closePipeline(pipeline);
  const figures = {
    sets,
    pad,
    padRates: padRates(pad, activeModel(manifest, 'presentationAttack')),
    speed,
    besideLane,
  };
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}face.json`, `${JSON.stringify(figures, null, 2)}\n`);
  if (curves.length > 0) writeFileSync(`${OUT}face-det.svg`, detPlot(activeModel(manifest, 'recogniser').id, curves));
  return figures;
}

async function measureSet(pipeline: FacePipeline, set: string) {
  const pairs = unwrap(parsePairs(readFileSync(`${DATA}${set}/pairs.csv`, 'utf8')));
  const photos = new PhotoSet(pipeline, `${DATA}${set}`, { liveness: false });
  for (const file of new Set(pairs.flatMap(({ a, b }) => [a, b]))) await photos.photograph(file);
  const read = [...photos.all.values()].flatMap((photo) => (photo.ok ? [photo.value] : []));
  const { threshold } = activeModel(pipeline.manifest, 'recogniser');
  const scores = scorePairs(photos, pairs, false);
  const gated = scorePairs(photos, pairs, true);
  const ms = read.map(({ totalMs }) => totalMs);
  const figures: SetFigures = {
    set,
    images: photos.all.size,
    failedToAcquire: photos.all.size - read.length,
    gateRejects: read.filter(({ problems }) => problems.length > 0).length,
    gateReasons: countEach(read.flatMap(({ problems }) => problems)),
    gateSaves: {
      pairs: scores.same.length - gated.same.length,
      notMatched: ratesAt(scores, threshold).fnmr.errors - ratesAt(gated, threshold).fnmr.errors,
    },
    all: errorRates(scores),
    gated: errorRates(gated),
    inUse: { all: ratesAt(scores, threshold), gated: ratesAt(gated, threshold) },
    split: splitPoint(photos, pairs),
    heldOut: heldOutPoint(photos, halves(pairs)[1], threshold),
    everyPair: {
      all: falseMatches(photos, pairs, threshold, false),
      gated: falseMatches(photos, pairs, threshold, true),
    },
    ms: { median: percentile(ms, 0.5) ?? 0, p95: percentile(ms, 0.95) ?? 0 },
  };
  photos.clear();
  return { figures, scores };
}

/** Same-person pairs as the file has them, different-person pairs all there are: a small rate needs many. */
function heldOutPoint(photos: PhotoSet, half: readonly ImagePair[], threshold: number): OperatingPoint {
  const { same } = scorePairs(photos, half, true);
  const { different } = scorePairs(photos, allDifferent(half), true);
  return ratesAt({ same, different }, threshold);
}

function falseMatches(photos: PhotoSet, pairs: readonly ImagePair[], threshold: number, gated: boolean): Rate {
  return ratesAt({ same: [], different: scorePairs(photos, allDifferent(pairs), gated).different }, threshold).fmr;
}

function countEach(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of [...words].sort()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function splitPoint(photos: PhotoSet, pairs: readonly ImagePair[]): OperatingPoint | null {
  const [choosing, reporting] = halves(pairs);
  const threshold = thresholdForFmr(scorePairs(photos, choosing, false).different, 1e-3);
  return threshold === undefined ? null : ratesAt(scorePairs(photos, reporting, false), threshold);
}

async function measurePad(pipeline: FacePipeline): Promise<FaceBench['pad']> {
  const folder = `${DATA}pad/`;
  if (!existsSync(folder)) return [];
  const results: PadSample[] = [];
  for (const file of readdirSync(folder).sort()) {
    const read = await readPhotograph(pipeline, readFileSync(folder + file), { liveness: true });
    results.push({ file, attack: isAttackByName(file), liveness: read.ok ? read.value.liveness : null });
  }
  return results;
}

/** The engine as the lane uses it: frames of 640 x 480 through the worker, warm. */
async function measureSpeed(): Promise<Record<string, number>> {
  const portrait = await cutPortrait('p01-portrait');
  const frames = await liveFrames({ kind: 'person', face: 'p01-live' }, { count: 90, width: 640, height: 480 });
  const rssBefore = process.memoryUsage.rss();
  const started = performance.now();
  const engine = unwrap(await FaceEngine.start());
  const startMs = performance.now() - started;
  const loaded = performance.now();
  unwrap(await engine.setReference('bench', portrait));
  const times: number[] = [];
  const cpuBefore = process.cpuUsage();
  let firstDecisionMs = 0;
  for (const frame of frames) {
    const before = performance.now();
    unwrap(await engine.assess('bench', frame));
    times.push(performance.now() - before);
    if (times.length === 2) firstDecisionMs = performance.now() - loaded;
  }
  const cpu = process.cpuUsage(cpuBefore);
  const portraits: number[] = [];
  for (let i = 0; i < 20; i++) {
    const before = performance.now();
    unwrap(await engine.setReference('bench', portrait));
    portraits.push(performance.now() - before);
  }
  const workerMb = (process.memoryUsage.rss() - rssBefore) / 2 ** 20;
  await engine.close();
  return {
    startMs,
    firstDecisionMs,
    frameMedianMs: percentile(times, 0.5) ?? 0,
    frameP95Ms: percentile(times, 0.95) ?? 0,
    // Processor time of the whole process: what other work on the machine does not change.
    frameCpuMs: (cpu.user + cpu.system) / 1000 / times.length,
    // One frame after the other: a camera of 15 a second needs at least 15 of these.
    framesPerSecond: (1000 * times.length) / times.reduce((sum, ms) => sum + ms, 0),
    portraitMedianMs: percentile(portraits, 0.5) ?? 0,
    // How many wanted a core meanwhile: milliseconds mean little without it.
    loadAverage: loadavg()[0] ?? 0,
    rssGrowthMb: workerMb,
  };
}

const withInterval = ({ value, low, high, errors, trials }: Rate): string =>
  `${percent(value)} [${percent(low)}, ${percent(high)}] (${errors}/${trials})`;
const percent = (value: number | null): string => (value === null ? 'none' : `${(value * 100).toFixed(2)} %`);

function print({ sets, pad, padRates: rates, speed, besideLane }: FaceBench): void {
  for (const figures of sets) printSet(figures);
  for (const { file, liveness } of pad) console.log(`pad ${file}: liveness ${liveness?.toFixed(4) ?? 'no face'}`);
  console.log(
    `pad: APCER ${withInterval(rates.apcer)}, BPCER ${withInterval(rates.bpcer)}, unsure ${rates.unsureAttacks + rates.unsureLive}`,
  );
  for (const [name, value] of Object.entries(speed)) {
    const limit = name in LIMITS ? `, limit ${LIMITS[name as keyof typeof LIMITS]}` : '';
    console.log(`${name}: ${value.toFixed(1)}${limit}`);
  }
  for (const at of Object.values(besideLane)) {
    const { cameraPerSecond, offered, analysed, dropped, analysedPerSecond, medianMs, otherwise } = at;
    console.log(
      `beside a lane at work, camera of ${cameraPerSecond}/s: ${analysedPerSecond.toFixed(1)} frames/s analysed${cameraPerSecond > LIMITS.framesPerSecond ? ` (at least ${LIMITS.framesPerSecond})` : ''}, ${analysed} of ${offered}, ${dropped} dropped, ${medianMs.toFixed(0)} ms each, ${otherwise} crossings disturbed`,
    );
  }
}

function printSet({
  set,
  images,
  failedToAcquire,
  gateRejects,
  gateReasons,
  gateSaves,
  all,
  gated,
  inUse,
  split,
  heldOut,
  everyPair,
  ms,
}: SetFigures): void {
  console.log(
    `${set}: ${images} images, ${failedToAcquire} failed to acquire, gate rejects ${gateRejects}; ${ms.median.toFixed(0)} ms median, ${ms.p95.toFixed(0)} ms p95`,
  );
  for (const [name, rates, point] of [
    ['all', all, inUse.all],
    ['gated', gated, inUse.gated],
  ] as const) {
    console.log(
      `  ${name}: ${rates.samePairs}/${rates.differentPairs} pairs, AUC ${rates.auc?.toFixed(5)}, EER ${percent(rates.eer)}`,
    );
    for (const { fmr, point: at } of rates.fnmrAtFmr) {
      if (at)
        console.log(
          `    FNMR at FMR ${fmr}: ${percent(at.fnmr.value)} [${percent(at.fnmr.low)}, ${percent(at.fnmr.high)}], threshold ${at.threshold.toFixed(3)}`,
        );
    }
    console.log(
      `    in use ${point.threshold}: FNMR ${percent(point.fnmr.value)}, FMR ${point.fmr.errors}/${point.fmr.trials} (at most ${point.fmr.high.toExponential(1)})`,
    );
  }
  if (split)
    console.log(
      `  split, FMR 1e-3 chosen on the other half: threshold ${split.threshold.toFixed(3)}, FMR ${split.fmr.errors}/${split.fmr.trials} (at most ${split.fmr.high.toExponential(1)}), FNMR ${percent(split.fnmr.value)} [${percent(split.fnmr.low)}, ${percent(split.fnmr.high)}]`,
    );
  console.log(
    `  gate rejects ${JSON.stringify(gateReasons)}; saves ${gateSaves.notMatched} false non-matches of ${gateSaves.pairs} pairs it keeps from being compared`,
  );
  console.log(
    `  held-out half, gated, threshold in use: FNMR ${withInterval(heldOut.fnmr)}, FMR ${heldOut.fmr.errors}/${heldOut.fmr.trials} (at most ${heldOut.fmr.high.toExponential(1)})`,
  );
  for (const [name, fmr] of Object.entries(everyPair))
    console.log(
      `  every two of different people, ${name}: FMR in use ${fmr.errors}/${fmr.trials} (at most ${fmr.high.toExponential(1)})`,
    );
}

if (import.meta.main) {
  // The cards say what was measured last: only a run over everything there is may write them.
  const [first, ...rest] = process.argv.slice(2);
  const only = first === '--cards' ? rest : process.argv.slice(2);
  const figures = await run(only);
  print(figures);
  if (first === '--cards' && only.length === 0 && figures.sets.length > 0) {
    const script = fileURLToPath(new URL('../../models/cards/write-cards.ts', import.meta.url));
    execFileSync(process.execPath, [script, `${OUT}face.json`], { stdio: 'inherit' });
  }
}
