import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type PlayedCrossing, play } from '../../demo/play.ts';
import { SCENARIOS, type Scenario, scenarioCalled } from '../../demo/scenarios.ts';
import { answerNegative, printJson, printLine, printNote } from '../io.ts';

const MAX_CROSSINGS = 100_000;

interface DemoOptions {
  readonly crossings: number;
  readonly scenario: Scenario;
  readonly doors: '2' | '3';
  readonly json?: true;
}

export function buildCommand(): Command {
  const names = SCENARIOS.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`).join('\n');
  return new Command('demo')
    .description(
      'Play simulated travellers through the whole lane: devices over pseudo-terminals, real face models, both controls, the joint record.\n' +
        `Exit code 0 when every crossing ended as the scenario says, 1 otherwise.\n\nScenarios:\n${names}`,
    )
    .option('--crossings <n>', 'how many travellers', parseCount, 1)
    .option('--scenario <name>', 'what happens', parseScenario, scenarioCalled('clear'))
    .option('--doors <n>', 'doors of the lane, 2 or 3', parseDoors, '3')
    .option('--json', 'one JSON object a crossing, one a line')
    .action(run);
}

async function run({ crossings, scenario, doors, json }: DemoOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-demo-'));
  try {
    printNote(`${scenario.name}: ${scenario.summary}`);
    const played = await play({
      folder,
      topology: doors === '3' ? 'threeDoor' : 'twoDoor',
      scenario,
      crossings,
      onCrossing: (crossing) => (json === true ? printJson(crossing) : printLine(lineOf(crossing))),
    });
    if (played.some(({ asExpected }) => !asExpected)) answerNegative();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lineOf({ number, outcome, code, place, asExpected, milliseconds }: PlayedCrossing): string {
  const steps = Object.entries(milliseconds)
    .map(([step, ms]) => `${step} ${Math.round(ms)}`)
    .join(', ');
  return `${number}  ${outcome}${code === null ? '' : ` (${code})`}, traveller ${place}${asExpected ? '' : '  NOT AS EXPECTED'}\n   ms: ${steps}`;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MAX_CROSSINGS)
    throw new InvalidArgumentError(`a whole number from 1 to ${MAX_CROSSINGS}`);
  return count;
}

function parseScenario(text: string): Scenario {
  const found = scenarioCalled(text);
  if (found === null) throw new InvalidArgumentError(`one of: ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  return found;
}

function parseDoors(text: string): string {
  if (text !== '2' && text !== '3') throw new InvalidArgumentError('2 or 3');
  return text;
}
