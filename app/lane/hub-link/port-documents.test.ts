import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Side } from '../../contract/crossing.ts';
import type { HubDocument } from '../../contract/hub-protocol.ts';
import { ok } from '../../contract/result.ts';
import type { EmbeddedControl } from '../../controls/embedded/embedded-control.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import { PortDocuments } from './port-documents.ts';

const EXAMPLE = new URL('../../controls/rules/examples/exit.chn.json', import.meta.url);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-documents-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function rules(name: string, changes: object = {}): HubDocument {
  const content = { ...JSON.parse(readFileSync(EXAMPLE, 'utf8')), ...changes };
  const sha256 = sha256Hex(canonicalText(content));
  return { kind: 'rules', name, version: 1, sha256, changedAt: '2026-05-08T02:15:00Z', changedBy: 'TE001', content };
}

/** A lane that leads this way, with both controls in it: what they were told and what its journal says. */
function lane(from: string, to: string) {
  const changed: string[] = [];
  const told: string[] = [];
  const control = (side: Side) =>
    ({
      rules: {
        change: ({ authority }: { authority: string }) => {
          changed.push(`${side} ${authority}`);
          return ok();
        },
      },
    }) as unknown as EmbeddedControl;
  const documents = new PortDocuments({
    path: join(folder, `${from}.json`),
    direction: { from, to },
    controls: { exit: control('exit'), entry: control('entry') },
    enrolment: { takeSealed: () => ok(0) as never },
    importTrust: null,
    diary: {
      note: async (event, line) => {
        told.push(`${event} ${line?.detail}`);
      },
    } as Pick<ConstructorParameters<typeof PortDocuments>[0]['diary'], 'note'>,
    clock: { nowMs: () => 0 } as ConstructorParameters<typeof PortDocuments>[0]['clock'],
  });
  return { documents, changed, told };
}

test('rules of an authority are taken by the lanes whose side is that authority’s, by a name with or without it', async () => {
  const { documents, changed } = lane('CHN', 'MAC');
  for (const name of ['exit.json', 'exit.chn.json']) {
    expect(documents.wants({ kind: 'rules', name })).toBe(true);
    expect(await documents.take(rules(name))).toBe(true);
  }
  expect(changed).toEqual(['exit CHN', 'exit CHN']);
  expect(documents.wants({ kind: 'rules', name: 'exit.mac.json' })).toBe(false);
  expect(documents.wants({ kind: 'rules', name: 'entry.mac.json' })).toBe(true);
});

test('a lane that leads the other way never gives one authority’s rules to the other’s control', async () => {
  const { documents, changed, told } = lane('MAC', 'CHN');
  expect(documents.wants({ kind: 'rules', name: 'exit.chn.json' })).toBe(false);
  // By the common name it comes all the same: refused for good, and said once.
  expect(await documents.take(rules('exit.json'))).toBe(true);
  expect(await documents.take(rules('exit.json'))).toBe(true);
  expect(changed).toEqual([]);
  expect(told).toEqual(['hubDocumentRefused rules exit.json foreignDirection']);
});

test('rules that name no authority are everybody’s', async () => {
  const { documents, changed } = lane('MAC', 'CHN');
  expect(await documents.take(rules('exit.json', { authority: '*' }))).toBe(true);
  expect(changed).toEqual(['exit *']);
});
