import { expect, test } from 'vitest';
import { encodePosReports } from '../framing/hid-pos-report.ts';
import type { CodeScannerEvent } from '../ports/code-scanner.ts';
import { TD3_SPECIMEN } from '../ports/document-scanner.contract.ts';
import type { DocumentScanner, DocumentScannerEvent } from '../ports/document-scanner.ts';
import type { EventSource } from '../ports/event-source.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import type { Timing } from '../ports/timing.ts';
import { ELYCTIS } from '../protocol/elyctis.ts';
import { HONEYWELL } from '../protocol/honeywell.ts';
import { NEWLAND } from '../protocol/newland.ts';
import { ascii } from '../protocol/scanner-dialect.ts';
import { CommandedScannerModel, type ScannerMake } from '../simulators/commanded-scanner-model.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { hidTextOpener, POS_TEXT_REPORT } from '../transport/hid-lines.ts';
import { CommandedScanner } from './commanded-scanner.ts';
import { type FaultBench, type FaultSubject, type FaultyWire, faultMatrix, type Use } from './fault-matrix.contract.ts';
import { HidWire, SerialWire } from './fault-wires.contract.ts';
import { HidCodeScanner } from './hid-code-scanner.ts';
import { LineStreamScanner } from './line-stream-scanner.ts';

// Devices that speak when something is laid on them. Each document has another number, so that an older one is seen.

/** Nobody lays a document down for longer. */
const WAIT_MS = 1_500;

function documentOf(number: number): readonly string[] {
  return [TD3_SPECIMEN[0] ?? '', (TD3_SPECIMEN[1] ?? '').replace('L898902', `L${String(number).padStart(6, '0')}`)];
}

/** Differs in at most one character: lines without a checksum of their own, so that the MRZ's check digits must find it. */
function isNearly(heard: string, expected: string): boolean {
  const differing = Array.from(expected).filter((character, index) => heard[index] !== character).length;
  return heard.length === expected.length && differing <= 1;
}

/** What the device told within `WAIT_MS` of `act`: `rightIn` looks at each event. */
async function heardAfter<E extends { readonly type: string; readonly code?: string; readonly reason?: string }>(
  source: EventSource<E>,
  timing: Timing,
  act: () => void,
  judge: (event: E) => Use | null,
): Promise<Use> {
  return new Promise((resolve) => {
    let problem: Use = { code: 'nothingRead' };
    const settle = (use: Use): void => {
      cancel();
      unsubscribe();
      resolve(use);
    };
    const unsubscribe = source.subscribe((event) => {
      const use = judge(event);
      if (use !== null) settle(use);
      else if (event.type === 'readProblem' || event.type === 'lost')
        problem = { code: event.code ?? event.reason ?? 'lost' };
    });
    const cancel = timing.after(WAIT_MS, () => settle(problem));
    act();
  });
}

function documentBench(
  timing: ManualTiming,
  wire: FaultyWire,
  scanner: DocumentScanner,
  lay: (lines: readonly string[]) => void,
): FaultBench {
  let told = 0;
  scanner.subscribe(() => {
    told += 1;
  });
  const judge =
    (text: string) =>
    (event: DocumentScannerEvent): Use | null => {
      if (event.type !== 'documentRead') return null;
      return isNearly(event.text, text) ? 'right' : 'wrong';
    };
  const use = (number: number): Promise<Use> => {
    const lines = documentOf(number);
    return heardAfter(scanner, timing, () => lay(lines), judge(lines.join('\n')));
  };
  return { timing, wire, use, ready: () => scanner.ready, told: () => told, end: () => scanner.close() };
}

const SPEAKING: Pick<
  FaultSubject,
  'refuse' | 'answers' | 'hasHeartbeat' | 'checkedByTransport' | 'patienceMs' | 'lateMs'
> = {
  refuse: null,
  answers: false,
  hasHeartbeat: false,
  checkedByTransport: false,
  patienceMs: 5_000,
  lateMs: [70, 800],
};

function lineStream(timing: Timing, opener: LinkOpener): LineStreamScanner {
  return new LineStreamScanner({ opener, timing });
}

faultMatrix({
  ...SPEAKING,
  name: 'line-stream scanner',
  bytesPerSecond: 11_520,
  open: async () => {
    const timing = new ManualTiming();
    const wire = new SerialWire();
    const scanner = lineStream(timing, wire.link);
    scanner.start();
    await timing.advance(0);
    return documentBench(timing, wire, scanner, (lines) => wire.fromDevice(ascii(lines.map((l) => `${l}\r`).join(''))));
  },
});

faultMatrix({
  ...SPEAKING,
  name: 'HID MRZ scanner',
  bytesPerSecond: 6_400,
  open: async () => {
    const timing = new ManualTiming();
    const wire = new HidWire();
    const scanner = lineStream(timing, hidTextOpener(wire.hid, POS_TEXT_REPORT));
    scanner.start();
    await timing.advance(0);
    return documentBench(timing, wire, scanner, (lines) => {
      for (const report of encodePosReports(2, ']o3', ascii(lines.map((l) => `${l}\r`).join(''))))
        wire.fromDevice(report);
    });
  },
});

const COMMANDED = [
  ['elyctis', ELYCTIS],
  ['newland', NEWLAND],
  ['honeywell', HONEYWELL],
] as const satisfies readonly (readonly [ScannerMake, object])[];

for (const [make, dialect] of COMMANDED) {
  faultMatrix({
    ...SPEAKING,
    name: dialect.name,
    hasHeartbeat: true,
    bytesPerSecond: dialect.baudRate / 10,
    open: async () => {
      const timing = new ManualTiming();
      const wire = new SerialWire();
      const model = new CommandedScannerModel(make, (bytes) => wire.fromDevice(bytes));
      wire.onHeard = (bytes) => model.received(bytes);
      wire.onUnplug = () => model.powerDown();
      const scanner = new CommandedScanner({ opener: wire.link, dialect, timing });
      scanner.start();
      await timing.advance(200);
      return documentBench(timing, wire, scanner, (lines) => model.presentDocument(lines));
    },
  });
}

test.each(COMMANDED)(
  '%s: refused commands make it lost, and it is back within 2 s of the last refusal',
  async (make, dialect) => {
    const timing = new ManualTiming();
    const wire = new SerialWire();
    const model = new CommandedScannerModel(make, (bytes) => wire.fromDevice(bytes));
    let refuses = true;
    wire.onHeard = (bytes) => (refuses ? wire.fromDevice(model.refusalOf(bytes)) : model.received(bytes));
    const scanner = new CommandedScanner({ opener: wire.link, dialect, timing });
    const events: DocumentScannerEvent[] = [];
    scanner.subscribe((event) => events.push(event));
    scanner.start();
    await timing.advance(20_000);
    expect(events).toEqual([{ type: 'lost', reason: 'garbled' }]);
    refuses = false;
    await timing.advance(2_000);
    expect(events.at(-1)).toEqual({ type: 'ready' });
    await scanner.close();
  },
);

faultMatrix({
  ...SPEAKING,
  name: 'HID POS code scanner',
  checkedByTransport: true,
  lateMs: [210, 390],
  bytesPerSecond: 6_400,
  open: async (): Promise<FaultBench> => {
    const timing = new ManualTiming();
    const wire = new HidWire();
    const scanner = new HidCodeScanner({ opener: wire.hid, timing });
    let told = 0;
    scanner.subscribe(() => {
      told += 1;
    });
    scanner.start();
    await timing.advance(0);
    // Two reports long, its number at both ends.
    const use = (number: number): Promise<Use> => {
      const text = `${String(number).padStart(6, '0')}${'A'.repeat(60)}${String(number).padStart(6, '0')}`;
      const judge = (event: CodeScannerEvent): Use | null => {
        if (event.type !== 'codeRead') return null;
        return isNearly(String.fromCharCode(...event.data), text) ? 'right' : 'wrong';
      };
      const scan = (): void => {
        for (const report of encodePosReports(2, ']Q1', ascii(text))) wire.fromDevice(report);
      };
      return heardAfter(scanner, timing, scan, judge);
    };
    return { timing, wire, use, ready: () => scanner.ready, told: () => told, end: () => scanner.close() };
  },
});
