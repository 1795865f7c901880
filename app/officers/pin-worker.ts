import { parentPort, workerData } from 'node:worker_threads';
import { argon2id, argon2Verify } from 'hash-wasm';
import { PIN_COST, type PinJob, type PinResult } from './pin-job.ts';

/** One PIN, one thread: the 64 MiB and everything that was in them go away with it. */
async function work(job: PinJob): Promise<PinResult> {
  const { pin: password, secret } = job;
  if (job.type === 'verify') return { matches: await argon2Verify({ password, secret, hash: job.hash }) };
  return { hash: await argon2id({ ...PIN_COST, password, secret, salt: job.salt, outputType: 'encoded' }) };
}

parentPort?.postMessage(await work(workerData as PinJob));
