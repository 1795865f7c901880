import type { RgbImage } from '../face/image.ts';
import type { FacePipeline } from '../face/pipeline.ts';
import type { ModelRole } from '../manifest.ts';
import stored from './golden-vectors.json' with { type: 'json' };

/** Sixteen values of each output, evenly spread, by output name. */
export type GoldenOutput = Readonly<Record<string, readonly number[]>>;

/** Expected outputs by model id. */
const GOLDEN: Readonly<Record<string, GoldenOutput>> = stored;

export interface GoldenFinding {
  readonly model: string;
  readonly role: ModelRole;
  /** `notStored`: another model was configured and no vector was written for it. */
  readonly outcome: 'agrees' | 'differs' | 'notStored';
  /** Largest difference, relative to the largest expected value of the output. */
  readonly worst: number;
}

/** Processors and library versions differ in the last digits; a wrong weight or a wrong layout differs by much more. */
const GOLDEN_TOLERANCE = 2e-3;

const SAMPLES = 16;

/** A picture every machine can make: smooth waves with some structure, different in each channel, 0..255. */
export function goldenImage(width: number, height: number): RgbImage {
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const at = (y * width + x) * 3;
      data[at] = 127 + 100 * Math.sin(9 * u + 2 * v);
      data[at + 1] = 120 + 90 * Math.cos(4 * u - 7 * v);
      data[at + 2] = 110 + 80 * Math.sin(13 * u * v + 1);
    }
  }
  return { width, height, data };
}

/** Runs every model on the golden picture. */
export async function goldenOutputs(pipeline: FacePipeline): Promise<Record<string, GoldenOutput>> {
  const outputs: Record<string, GoldenOutput> = {};
  for (const session of Object.values(pipeline.sessions)) {
    const { id, input } = session.model;
    const found = await session.run(goldenImage(input.width, input.height));
    outputs[id] = Object.fromEntries(Object.entries(found).map(([name, values]) => [name, spread(values)]));
    session.clear();
  }
  return outputs;
}

/** The self-test: does every model in use give here what it gave where the vectors were made? */
export async function checkGoldenVectors(pipeline: FacePipeline): Promise<readonly GoldenFinding[]> {
  const outputs = await goldenOutputs(pipeline);
  return Object.values(pipeline.sessions).map(({ model }) => {
    const expected = GOLDEN[model.id];
    if (!expected) return { model: model.id, role: model.role, outcome: 'notStored', worst: 0 };
    const worst = Math.max(
      ...Object.entries(expected).map(([name, values]) => distance(values, outputs[model.id]?.[name])),
    );
    return { model: model.id, role: model.role, outcome: worst <= GOLDEN_TOLERANCE ? 'agrees' : 'differs', worst };
  });
}

function distance(expected: readonly number[], found: readonly number[] | undefined): number {
  if (found?.length !== expected.length) return Number.POSITIVE_INFINITY;
  const largest = Math.max(1e-6, ...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / largest;
}

/** Evenly spread, first and last included; rounded to what a float has. */
function spread(values: Float32Array): number[] {
  const count = Math.min(SAMPLES, values.length);
  return Array.from({ length: count }, (_, i) => {
    const at = count === 1 ? 0 : Math.round((i * (values.length - 1)) / (count - 1));
    return Number(values[at]!.toPrecision(6));
  });
}
