import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unwrap } from '../../app/contract/result.ts';
import { DEFAULT_MODEL_ROOT } from '../face/model-files.ts';
import { closePipeline, openPipeline } from '../face/pipeline.ts';
import { readManifest } from '../manifest.ts';
import { goldenOutputs } from './golden-vectors.ts';

// `node models/golden/write-golden-vectors.ts [MANIFEST]`: after a model was changed on purpose. Read the difference.
const manifest = unwrap(await readManifest(process.argv[2]));
const pipeline = unwrap(await openPipeline({ manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
const outputs = await goldenOutputs(pipeline);
await closePipeline(pipeline);
writeFileSync(
  fileURLToPath(new URL('./golden-vectors.json', import.meta.url)),
  `${JSON.stringify(outputs, null, 1)
    .replaceAll(/\n {3,}/g, ' ')
    .replaceAll(/\n {2}\]/g, ' ]')}\n`,
);
