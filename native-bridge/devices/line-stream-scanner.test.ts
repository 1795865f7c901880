import { expect, test } from 'vitest';
import { documentScannerContract, TD3_SPECIMEN } from '../ports/document-scanner.contract.ts';
import type { DocumentScannerEvent } from '../ports/document-scanner.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { systemTiming } from '../ports/timing.ts';
import { FakeLink } from '../transport/fake-link.ts';
import { LineStreamScanner } from './line-stream-scanner.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

documentScannerContract('line-stream driver over a byte fake', () => {
  const fake = new FakeLink();
  const scanner = new LineStreamScanner({ opener: fake, timing: systemTiming, idleGapMs: 1 });
  return {
    scanner,
    present: async (lines) => fake.say(bytes(`${lines.join('\r')}\r`)),
    presentBytes: async (raw) => fake.say(raw),
    unplug: () => fake.unplug(),
    replug: () => fake.plug(),
    end: () => scanner.close(),
  };
});

async function startedScanner() {
  const fake = new FakeLink();
  const timing = new ManualTiming();
  const scanner = new LineStreamScanner({ opener: fake, timing, idleGapMs: 60 });
  const events: DocumentScannerEvent[] = [];
  scanner.subscribe((event) => events.push(event));
  scanner.start();
  await timing.advance(0);
  return { fake, timing, scanner, events: () => events.splice(0) };
}

test('silence ends a document without separators, a pause within the gap does not', async () => {
  const { fake, timing, events } = await startedScanner();
  events();
  fake.say(bytes(TD3_SPECIMEN[0] ?? ''));
  await timing.advance(59);
  fake.say(bytes(TD3_SPECIMEN[1] ?? ''));
  await timing.advance(59);
  expect(events()).toEqual([]);
  await timing.advance(1);
  expect(events()).toEqual([{ type: 'documentRead', text: TD3_SPECIMEN.join('\n') }]);
});

test('half a document of a scanner that is unplugged is never joined to what comes afterwards', async () => {
  const { fake, timing, events } = await startedScanner();
  events();
  fake.say(bytes(`${TD3_SPECIMEN[0]}\rL898902`));
  fake.unplug();
  fake.plug();
  await timing.advance(2_000);
  fake.say(bytes(`${TD3_SPECIMEN[1]}\r`));
  await timing.advance(60);
  expect(events()).toEqual([
    { type: 'readProblem', code: 'cut', discardedBytes: 52 },
    { type: 'lost', reason: 'unplugged' },
    { type: 'ready' },
    { type: 'readProblem', code: 'lineCount', discardedBytes: 45 },
  ]);
});

// Without the last CR both lines are whole, and silence makes a document of them.
test('unplugged at every byte of a document: a problem or a document, then lost, then ready and reading again', async () => {
  const whole = bytes(`${TD3_SPECIMEN.join('\r')}\r`);
  for (let length = 1; length <= whole.length; length += 1) {
    const { fake, timing, scanner, events } = await startedScanner();
    fake.say(whole.slice(0, length));
    fake.unplug();
    fake.plug();
    await timing.advance(2_000);
    fake.say(whole);
    const types = events().map((event) => event.type);
    expect(types, `cut at ${length}`).toEqual([
      'ready',
      length >= whole.length - 1 ? 'documentRead' : 'readProblem',
      'lost',
      'ready',
      'documentRead',
    ]);
    await scanner.close();
  }
});

test('babble at line speed for 10 s is told in slices, and the document after it is read', async () => {
  const { fake, timing, events } = await startedScanner();
  events();
  // 115200 baud are 11520 bytes a second, here in chunks of 10 ms.
  for (let chunk = 0; chunk < 1_000; chunk += 1) {
    fake.say(new Uint8Array(115).fill(0x41));
    await timing.advance(10);
  }
  await timing.advance(60);
  fake.say(bytes(`${TD3_SPECIMEN.join('\r')}\r`));
  const heard = events();
  const discarded = heard.reduce((sum, event) => sum + (event.type === 'readProblem' ? event.discardedBytes : 0), 0);
  expect(discarded).toBe(115_000);
  expect(heard.length).toBeLessThan(150);
  expect(heard.at(-1)).toEqual({ type: 'documentRead', text: TD3_SPECIMEN.join('\n') });
});
