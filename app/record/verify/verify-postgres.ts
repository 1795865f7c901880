import type { Pool } from 'pg';
import { collectFindings } from './findings.ts';
import { NOTHING_STORED, type PgChainReader, readingPgChain } from './postgres-chain.ts';
import { chainsOf, openPort } from './postgres-port.ts';
import { type Counts, erasedBefore, keyRingOf, recordVerifier } from './record-verifier.ts';
import type { StoredRecord } from './row-check.ts';
import type { Verification, VerifyOptions } from './verify-file.ts';

/**
 * Verifies one lane's chain of a port by the same checks as a lane's file, page by page: a chain of millions of entries needs
 * the memory of its live records.
 */
export async function verifyPgChain(pool: Pool, chain: string, options: VerifyOptions): Promise<Verification> {
  const { report, findings, total } = collectFindings();
  let counts: Counts = { entries: 0, records: 0, checkpoints: 0, unsigned: 0 };
  try {
    counts = await readingPgChain(pool, chain, (reader) => verifyChain(reader, options, report));
  } catch (cause) {
    report('fileUnreadable', { detail: cause instanceof Error ? cause.message : String(cause) });
  }
  const keysFrom = options.keys === null ? 'recordItself' : 'keyFile';
  return { ok: total() === 0, findings, total: total(), ...counts, keysFrom };
}

async function verifyChain(
  reader: PgChainReader,
  options: VerifyOptions,
  report: ReturnType<typeof collectFindings>['report'],
): Promise<Counts> {
  const keys =
    options.keys ??
    keyRingOf([...(await reader.payloads(['keyRemembered'])), ...(await reader.payloads(['keyKnown']))]);
  const erased = erasedBefore((await reader.payloads(['erased'])).at(-1) ?? null);
  let page: ReadonlyMap<string, StoredRecord> = new Map();
  const stored = (recordId: string): StoredRecord => page.get(recordId) ?? NOTHING_STORED;
  const verifier = recordVerifier({ store: reader.store, keys, erasedBefore: erased, stored }, options.keys, report);
  for await (const rows of reader.journal()) {
    page = await reader.stored([...new Set(rows.flatMap(({ record_id }) => record_id ?? []))]);
    for (const row of rows) verifier.push(row);
  }
  page = await reader.stored(verifier.liveIds());
  const rest = verifier.endJournal();
  for (const recordId of await reader.strayRecordIds()) rest.stray(recordId);
  for (const { name, record_id } of await reader.claims()) rest.claim(name, record_id);
  for await (const rows of reader.checkpoints()) for (const { hash, ...row } of rows) rest.checkpoint(row, hash);
  const hashes = await reader.hashes(options.receipts.map(({ body }) => body.journal.seq));
  for (const receipt of options.receipts) rest.receipt(receipt, (seq) => hashes.get(seq) ?? null);
  return rest.finish();
}

/** Every chain of a port, one after the other. A kept receipt is held against the chain of its own lane. */
export async function* verifyPgPort(
  connectionString: string,
  options: VerifyOptions,
): AsyncGenerator<Verification & { readonly chain: string }> {
  for await (const pool of openPort(connectionString)) {
    for (const chain of await chainsOf(pool)) {
      const receipts = options.receipts.filter(({ body }) => body.laneId === chain);
      yield { chain, ...(await verifyPgChain(pool, chain, { ...options, receipts })) };
    }
  }
}
