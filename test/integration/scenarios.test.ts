import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Topology } from '../../app/contract/crossing.ts';
import { play } from '../../app/demo/play.ts';
import { SCENARIOS } from '../../app/demo/scenarios.ts';

const CASES = SCENARIOS.flatMap((scenario) =>
  (['threeDoor', 'twoDoor'] as const).map((topology): [string, Topology] => [scenario.name, topology]),
);

test.each(CASES)(
  '%s with %s ends as it must',
  async (name, topology) => {
    const folder = mkdtempSync(join(tmpdir(), 'jointgate-scenario-'));
    const scenario = SCENARIOS.find((candidate) => candidate.name === name);
    if (scenario === undefined) throw new Error(name);
    try {
      const played = await play({
        folder,
        topology,
        scenario,
        crossings: name === 'clear' ? 3 : 1,
        onCrossing: () => undefined,
      });
      for (const crossing of played)
        expect(crossing).toMatchObject({ outcome: scenario.expected, code: scenario.code });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  40_000,
);
