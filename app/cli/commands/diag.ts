import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { type ReadinessReport, SELF_CHECK_IDS, type SelfCheckId } from '../../contract/diagnostics-checks.ts';
import { answerNegative, callerPath, fault, printJson, usageFailure } from '../io.ts';
import { printReadiness } from './diag-text.ts';

/** Where a profile is looked for when none is named. */
const USUAL_PROFILE = 'lane.json';

interface DiagOptions {
  readonly profile?: string;
  readonly device?: readonly string[];
  readonly demo?: true;
  readonly json?: true;
}

/** `jointgate diag`: the readiness report of a lane, without its window and without the lane running. */
export function buildCommand(): Command {
  return new Command('diag')
    .description(
      'Tests every device, model, store, key, trust list and clock of a lane that does not run, and says whether it is ready. ' +
        'Opens no door. Exit code 0 ready, 1 not ready.',
    )
    .option('--profile <file>', `lane profile (default: $JOINTGATE_LANE_PROFILE, then ${USUAL_PROFILE} here)`)
    .option('--device <name...>', `only these: ${SELF_CHECK_IDS.join(', ')}`)
    .option('--demo', 'a simulated lane made for the moment instead of a real one')
    .option('--json', 'one JSON object on standard output')
    .action(run);
}

async function run(options: DiagOptions): Promise<void> {
  const only = chosen(options.device);
  if (options.demo && options.profile !== undefined) throw usageFailure('give either --demo or --profile');
  const report = await makeReport(options, only);
  if (options.json) printJson(report);
  else printReadiness(report);
  if (!report.ready) answerNegative();
}

function chosen(names: readonly string[] | undefined): readonly SelfCheckId[] {
  if (names === undefined) return SELF_CHECK_IDS;
  const unknown = names.find((name) => !(SELF_CHECK_IDS as readonly string[]).includes(name));
  if (unknown !== undefined) throw usageFailure(`no such device: ${unknown}; there are ${SELF_CHECK_IDS.join(', ')}`);
  return SELF_CHECK_IDS.filter((id) => names.includes(id));
}

async function makeReport(options: DiagOptions, only: readonly SelfCheckId[]): Promise<ReadinessReport> {
  // Loaded here and not above: wrong usage and help need no serial port and no model.
  if (options.demo) return (await import('./diag-demo.ts')).testDemoLane(only);
  const { testLane, testWithoutLane } = await import('./diag-lane.ts');
  const path = options.profile ?? process.env.JOINTGATE_LANE_PROFILE ?? USUAL_PROFILE;
  const file = callerPath(path);
  if (!existsSync(file)) {
    if (options.profile !== undefined) throw usageFailure(`there is no file ${path}`);
    return testWithoutLane(only);
  }
  const report = await testLane(file, only);
  if (!report.ok) throw fault(`${path}: ${report.error}`);
  return report.value;
}
