import { statSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_MODEL_ROOT } from '../../../models/face/model-files.ts';
import { closePipeline, type FacePipeline, openPipeline } from '../../../models/face/pipeline.ts';
import { readManifest } from '../../../models/manifest.ts';
import { callerPath, fault, usageFailure } from '../io.ts';
import { calibrate } from './face-calibrate.ts';
import { compare } from './face-compare.ts';
import { measurePairs } from './face-pairs.ts';

interface ModelOptions {
  readonly manifest?: string;
  readonly models?: string;
}

export function buildCommand(): Command {
  const command = new Command('face').description('Compare faces and measure how well that works.');
  withModels(
    command
      .command('compare')
      .summary('compare the faces of two photographs')
      .argument('<A>', 'photograph: JPEG, PNG, WebP, TIFF or JPEG 2000')
      .argument('<B>', 'photograph')
      .option('--json', 'one JSON object instead of text', false),
  ).action((a: string, b: string, options: ModelOptions & { json: boolean }) =>
    withPipeline(options, (pipeline) => compare(pipeline, a, b, options.json)),
  );
  withModels(
    command
      .command('pairs')
      .summary('measure error rates on pairs of photographs, as JSON lines')
      .argument('<FILE.csv>', 'pairs: file_a,file_b,same with a header')
      .requiredOption('--root <DIR>', 'folder the file names are relative to')
      .option('--json', 'accepted for symmetry: the output is JSON lines anyway', true),
  ).action((file: string, options: ModelOptions & { root: string }) =>
    withPipeline(options, (pipeline) => measurePairs(pipeline, file, folder(options.root))),
  );
  withModels(
    command
      .command('calibrate')
      .summary('choose a threshold on half of the people and report it on the other half')
      .argument('<FILE.csv>', 'pairs: file_a,file_b,same with a header')
      .requiredOption('--root <DIR>', 'folder the file names are relative to')
      .option('--fmr <RATE>', 'false match rate to stay below', rate, 1e-3),
  ).action((file: string, options: ModelOptions & { root: string; fmr: number }) =>
    withPipeline(options, (pipeline) => calibrate(pipeline, file, folder(options.root), options.fmr)),
  );
  return command;
}

function withModels(command: Command): Command {
  return command
    .option('--manifest <FILE>', 'model manifest instead of the built-in one')
    .option('--models <DIR>', 'folder with the model packages or files');
}

async function withPipeline(options: ModelOptions, work: (pipeline: FacePipeline) => Promise<void>): Promise<void> {
  const manifest = await readManifest(options.manifest && callerPath(options.manifest));
  if (!manifest.ok) throw usageFailure(`model manifest: ${manifest.error.detail}`);
  const modelRoot = options.models ? callerPath(options.models) : DEFAULT_MODEL_ROOT;
  const pipeline = await openPipeline({ manifest: manifest.value, modelRoot, threads: 1 });
  if (!pipeline.ok) throw fault(`${pipeline.error.code}: ${pipeline.error.model}`);
  try {
    await work(pipeline.value);
  } finally {
    await closePipeline(pipeline.value);
  }
}

/** A folder that is not there would make every photograph a failure to acquire: say it once instead. */
function folder(path: string): string {
  const place = callerPath(path);
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) throw usageFailure(`--root ${path} is no folder`);
  return place;
}

function rate(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('a rate from 0 to below 1, as 0.001 or 1e-3');
  return value;
}
