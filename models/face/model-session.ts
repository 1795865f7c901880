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

/** One ONNX session with its input tensor, which is filled anew for each run. Runs of one session must not overlap. */
export interface ModelSession<M extends ModelEntry> {
  readonly model: M;
  /** Packs the pixels as the manifest says, runs, and gives the named outputs. The values belong to this run only. */
  run(image: RgbImage): Promise<Readonly<Record<string, Float32Array>>>;
  /** Values of the input tensor: the last crop, until they are cleared. */
  readonly input: Float32Array;
  /** Overwrites the input tensor. */
  clear(): void;
  release(): Promise<void>;
}

export async function openModel<M extends ModelEntry>(
  model: M,
  modelRoot: string,
  threads: number,
): Promise<Result<ModelSession<M>, ModelLoadError>> {
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
    return session.inputNames.includes(model.input.name)
      ? ok(wrap(model, session))
      : err({ code: 'modelUnusable', model: model.id, detail: `no input is called ${model.input.name}` });
  } catch (error) {
    return err({ code: 'modelUnusable', model: model.id, detail: (error as Error).message.slice(0, 300) });
  }
}

function wrap<M extends ModelEntry>(model: M, session: ort.InferenceSession): ModelSession<M> {
  const { name, width, height, layout } = model.input;
  const channels = channelCount(layout);
  const values = new Float32Array(channels * width * height);
  const feeds = { [name]: new ort.Tensor('float32', values, [1, channels, height, width]) };
  return {
    model,
    input: values,
    run: async (image) => {
      packPlanar(image, layout, values);
      const outputs = await guarded(() => session.run(feeds));
      return Object.fromEntries(Object.entries(outputs).map(([key, tensor]) => [key, floats(tensor)]));
    },
    clear: () => values.fill(0),
    release: () => session.release(),
  };
}

function floats(tensor: ort.Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) throw new Error(`a model gave ${tensor.type} instead of float32`);
  return tensor.data;
}
