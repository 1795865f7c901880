import * as ort from 'onnxruntime-node';
import { err, ok, type Result } from '../../app/contract/result.ts';
import type { ModelEntry } from '../manifest.ts';
import { flushTinyWeights } from './flush-tiny-weights.ts';
import type { RgbImage } from './image.ts';
import { type ModelFileError, readVerifiedModel } from './model-files.ts';
import { guarded } from './native-guard.ts';
import { preluAsConvolutions } from './prelu-as-convolutions.ts';
import { channelCount, packPlanar } from './tensors.ts';

/** Far below what a float sum of ordinary weights can feel; see the test that compares outputs with and without. */
const TINY_WEIGHT = 1e-15;

export type ModelLoadError =
  | ModelFileError
  | { readonly code: 'modelUnusable'; readonly model: string; readonly detail: string };

export type ModelOutputs = Readonly<Record<string, Float32Array>>;

/** One ONNX session with its input tensor, which is filled anew for each run. Runs of one session must not overlap. */
export interface ModelSession<M extends ModelEntry> {
  readonly model: M;
  /** Packs the pixels as the manifest says, runs, and gives the named outputs. The values belong to this run only. */
  run(image: RgbImage): Promise<ModelOutputs>;
  /** Values of the input tensor: the last crop, until they are cleared. */
  readonly input: Float32Array;
  /** Overwrites the input tensor. */
  clear(): void;
  release(): Promise<void>;
}

/** A model that is ready to run on what its input tensor holds, on this thread or on another. */
export interface Inference {
  run(): Promise<ModelOutputs>;
  release(): Promise<void>;
}

export async function openModel<M extends ModelEntry>(
  model: M,
  modelRoot: string,
  threads: number,
): Promise<Result<ModelSession<M>, ModelLoadError>> {
  const input = new Float32Array(inputLength(model));
  const opened = await openInference(model, modelRoot, threads, input);
  return opened.ok ? ok(sessionOf(model, input, opened.value)) : opened;
}

/** The verified model, on this thread; `input` is its tensor from now on. */
export async function openInference(
  model: ModelEntry,
  modelRoot: string,
  threads: number,
  input: Float32Array,
): Promise<Result<Inference, ModelLoadError>> {
  const bytes = await readVerifiedModel(model, modelRoot);
  if (!bytes.ok) return bytes;
  try {
    flushTinyWeights(bytes.value, TINY_WEIGHT);
    const faster = preluAsConvolutions(bytes.value).bytes;
    const options: ort.InferenceSession.SessionOptions = {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // 3 = errors. The exporter of some models left initialisers among the inputs; the warning says nothing new.
      logSeverityLevel: 3,
      // Six sessions whose idle threads spin would eat the core that the lane runs on.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    };
    const session = await guarded(() => ort.InferenceSession.create(faster, options));
    if (!session.inputNames.includes(model.input.name)) {
      return err({ code: 'modelUnusable', model: model.id, detail: `no input is called ${model.input.name}` });
    }
    const { name, width, height, layout } = model.input;
    const feeds = { [name]: new ort.Tensor('float32', input, [1, channelCount(layout), height, width]) };
    return ok({
      run: async () => {
        const outputs = await guarded(() => session.run(feeds));
        return Object.fromEntries(Object.entries(outputs).map(([key, tensor]) => [key, floats(tensor)]));
      },
      release: () => session.release(),
    });
  } catch (error) {
    return err({ code: 'modelUnusable', model: model.id, detail: (error as Error).message.slice(0, 300) });
  }
}

export function sessionOf<M extends ModelEntry>(model: M, input: Float32Array, inference: Inference): ModelSession<M> {
  return {
    model,
    input,
    run: (image) => {
      packPlanar(image, model.input.layout, input);
      return inference.run();
    },
    clear: () => input.fill(0),
    release: inference.release,
  };
}

/** Values of a model's input tensor. */
export const inputLength = ({ input }: ModelEntry): number => channelCount(input.layout) * input.width * input.height;

function floats(tensor: ort.Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) throw new Error(`a model gave ${tensor.type} instead of float32`);
  return tensor.data;
}
