import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlAnswer, Notice, PrepareRequest } from '../../app/contract/control-protocol.ts';
import type { Side } from '../../app/contract/crossing.ts';
import { unwrap } from '../../app/contract/result.ts';
import { systemClock } from '../../app/controls/clock.ts';
import { PORT_CACHE_KIB } from '../../app/controls/embedded/database.ts';
import { type EmbeddedControl, openEmbeddedControl } from '../../app/controls/embedded/embedded-control.ts';
import { fieldRules, specimenSeed } from '../../app/controls/test-kit.ts';
import { createSealingKey } from '../../app/crypto/sealing.ts';
import { loadSigningKey } from '../../app/crypto/signing.ts';

/** Both embedded controls, with the field's rules, on files of their own; holders enough that nobody crosses twice. */
export interface BenchControls {
  prepare(side: Side, request: PrepareRequest): Promise<ControlAnswer>;
  notify(notice: Notice): Promise<void>;
  /** What this side knows of a record's end. */
  stateOf(side: Side, recordId: string): string | null;
  close(): Promise<void>;
}

export const numberOf = (index: number): string => `C${String(index).padStart(8, '0')}`;

export interface BenchControl {
  prepare(request: PrepareRequest): Promise<ControlAnswer>;
  notify(notice: Notice): Promise<void>;
  stateOf(recordId: string): string | null;
  close(): Promise<void>;
}

/** One side's control alone. */
export async function openBenchControl(
  folder: string,
  holders: number,
  side: Side,
  pem: string,
): Promise<BenchControl> {
  const sealing = createSealingKey().key;
  const control = unwrap(
    await openEmbeddedControl({
      side,
      dataDir: mkdtempSync(join(folder, `${side}-`)),
      rules: fieldRules(side),
      signingKey: loadSigningKey(pem),
      sealTo: { keyId: sealing.keyId, publicKeyRaw: sealing.publicKeyRaw },
      secret: Uint8Array.from({ length: 32 }, (_, index) => index + (side === 'exit' ? 1 : 101)),
      clock: systemClock,
      cacheKib: PORT_CACHE_KIB,
    }),
  );
  seed(control, holders);
  return {
    prepare: async (request) => unwrap(await control.takePrepare(request)),
    notify: async (notice) => void unwrap(await control.takeNotice(notice, `${notice.recordId}:${notice.step}`)),
    stateOf: (recordId) => unwrap(control.stateOf(recordId)),
    close: () => control.close(),
  };
}

export async function openBenchControls(
  folder: string,
  holders: number,
  pems: Readonly<Record<Side, string>>,
): Promise<BenchControls> {
  const sides = {
    exit: await openBenchControl(folder, holders, 'exit', pems.exit),
    entry: await openBenchControl(folder, holders, 'entry', pems.entry),
  };
  return {
    prepare: (side, request) => sides[side].prepare(request),
    notify: (notice) => sides[notice.side].notify(notice),
    stateOf: (side, recordId) => sides[side].stateOf(recordId),
    close: async () => {
      await Promise.all([sides.exit.close(), sides.entry.close()]);
    },
  };
}

function seed(control: EmbeddedControl, count: number): void {
  const [holder] = specimenSeed().holders;
  if (holder === undefined) throw new Error('the specimen seed has no holder');
  const endorsements = holder.endorsements.map((endorsement) => ({
    ...endorsement,
    entries: null,
    validFrom: '2020-01-01',
    validUntil: '2099-12-31',
  }));
  const holders = Array.from({ length: count }, (_, index) => ({
    ...holder,
    id: `holder-${index}`,
    documents: holder.documents.map((document) => ({ ...document, number: numberOf(index) })),
    endorsements,
  }));
  unwrap(control.seed({ ...specimenSeed(), holders }));
}
