/** For tests and benchmarks: specimen requests, keys and rules. Nothing here is of a real person. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Notice, NoticeStep, PrepareRequest, SideDocument } from '../contract/control-protocol.ts';
import type { Side } from '../contract/crossing.ts';
import { unwrap } from '../contract/result.ts';
import { createSealingKey } from '../crypto/sealing.ts';
import { createSigningKey } from '../crypto/signing.ts';
import type { Clock } from './clock.ts';
import { type EmbeddedControl, type EmbeddedControlOptions, openEmbeddedControl } from './embedded/embedded-control.ts';
import type { Seed } from './embedded/seed.ts';
import entryRules from './rules/examples/entry.mac.json' with { type: 'json' };
import exitRules from './rules/examples/exit.chn.json' with { type: 'json' };
import { parseRuleSet, type RuleSet } from './rules/rule-set.ts';

export const NOW_MS = Date.parse('2026-03-02T04:00:00Z');
/** The port's calendar day at `NOW_MS`. */
export const TODAY = '2026-03-02';

export const fieldRules = (side: Side): RuleSet => unwrap(parseRuleSet(side === 'exit' ? exitRules : entryRules));

export function specimenDocument(change: Partial<SideDocument> = {}): SideDocument {
  return {
    kind: 'exitEntryPermit',
    issuingState: 'CHN',
    number: 'C12345678',
    nationality: 'CHN',
    birthDate: '1988-05-17',
    expiryDate: '2031-01-01',
    sex: 'F',
    name: 'SPECIMEN<<WAN<NGAI',
    ...change,
  };
}

export interface RequestChange {
  readonly recordId?: string;
  readonly document?: Partial<SideDocument>;
  readonly evidence?: Partial<PrepareRequest['evidence']>;
  readonly consentGivenAt?: string | null;
  readonly atMs?: number;
}

const PASSED_CHECKS = [
  'mrzCheckDigits',
  'mrzMatchesChip',
  'documentValidity',
  'chipAccess',
  'sodSignature',
  'signerChain',
  'signerValidity',
  'dataGroupHashes',
  'issuingStateMatchesSigner',
  'chipAuthenticity',
  'faceQuality',
  'presentationAttack',
  'faceMatch',
  'profileAndConsent',
] as const;

/** Of a traveller against whom nothing speaks, from CHN to MAC, at `NOW_MS`. */
export function specimenRequest(side: Side, change: RequestChange = {}): PrepareRequest {
  const atMs = change.atMs ?? NOW_MS;
  return {
    version: 1,
    side,
    evidence: {
      version: 1,
      recordId: change.recordId ?? randomUUID(),
      laneId: 'L1',
      direction: { from: 'CHN', to: 'MAC' },
      documents: { exit: 'a'.repeat(64), entry: 'b'.repeat(64) },
      checks: PASSED_CHECKS.map((id) => ({ id, outcome: 'passed', reason: null })),
      face: { modelId: 'specimen-model', similarity: 0.71, threshold: 0.5, liveness: 0.98, framesUsed: 5 },
      collectedAt: new Date(atMs - 200).toISOString(),
      ...change.evidence,
    },
    document: specimenDocument(change.document),
    consentGivenAt: change.consentGivenAt ?? null,
    deadline: new Date(atMs + 3_000).toISOString(),
  };
}

export function specimenNotice(side: Side, step: NoticeStep, recordId: string, atMs = NOW_MS): Notice {
  return { version: 1, side, step, recordId, at: new Date(atMs).toISOString(), detail: null };
}

export function specimenSeed(change: Partial<Seed['holders'][number]> = {}, watchlist: Seed['watchlist'] = null): Seed {
  return {
    schema: 'jointgate-entitlements/1',
    holders: [
      {
        id: 'holder-1',
        documents: [{ kind: 'exitEntryPermit', issuingState: 'CHN', number: 'C12345678' }],
        validUntil: null,
        consentGivenAt: '2025-01-10T00:00:00Z',
        tallEnough: true,
        endorsements: [{ id: 'e1', entries: 1, stayDays: 7, validFrom: '2026-01-01', validUntil: '2026-12-31' }],
        ...change,
      },
    ],
    watchlist,
  };
}

/** A clock that stands until it is told to move; due actions run while it moves. */
export class FakeClock implements Clock {
  #nowMs = NOW_MS;
  #timers: { dueMs: number; action: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
    const due = this.#timers.filter(({ dueMs }) => dueMs <= this.#nowMs).sort((a, b) => a.dueMs - b.dueMs);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { action } of due) action();
  }
}

export interface ControlBench {
  readonly side: Side;
  readonly dataDir: string;
  readonly clock: FakeClock;
  readonly options: EmbeddedControlOptions;
  readonly sealingPem: string;
  /** Codes of the alarms so far. */
  readonly alarms: string[];
  control: EmbeddedControl;
  /** Closes the control and opens it again on the same file, as after a restart. */
  restart(change?: Partial<EmbeddedControlOptions>): Promise<void>;
  dispose(): Promise<void>;
}

/** An embedded control on a real file in a temporary folder, with the field's example rules and one holder. */
export async function openBench(side: Side, change: Partial<EmbeddedControlOptions> = {}): Promise<ControlBench> {
  const dataDir = mkdtempSync(join(tmpdir(), `jointgate-${side}-`));
  const clock = new FakeClock();
  const alarms: string[] = [];
  const sealing = createSealingKey();
  const options: EmbeddedControlOptions = {
    side,
    dataDir,
    rules: fieldRules(side),
    signingKey: createSigningKey().key,
    sealTo: { keyId: sealing.key.keyId, publicKeyRaw: sealing.key.publicKeyRaw },
    secret: Uint8Array.from({ length: 32 }, (_, index) => index + (side === 'exit' ? 1 : 101)),
    clock,
    onAlarm: ({ code }) => alarms.push(code),
    ...change,
  };
  const bench: ControlBench = {
    side,
    dataDir,
    clock,
    options,
    sealingPem: sealing.pem,
    alarms,
    control: unwrap(await openEmbeddedControl(options)),
    async restart(again = {}) {
      await bench.control.close();
      bench.control = unwrap(await openEmbeddedControl({ ...options, ...again }));
    },
    async dispose() {
      await bench.control.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  unwrap(bench.control.seed(specimenSeed()));
  return bench;
}
