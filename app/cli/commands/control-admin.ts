import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { SIDES, type Side } from '../../contract/crossing.ts';
import { openDatabase } from '../../controls/embedded/database.ts';
import { ROTATION_STEPS, type RotationStep, rotateSigningKey } from '../../controls/embedded/key-rotation.ts';
import { createRuleBook, type RuleBook, type RuleBookError } from '../../controls/embedded/rule-book.ts';
import {
  answerNegative,
  callerPath,
  checkAccount,
  fault,
  printJson,
  printLine,
  readJson,
  usageFailure,
} from '../io.ts';

const MAX_RULES_BYTES = 1_000_000;

/** Where a control's data are: given before or after the subcommand's name. */
interface Where {
  readonly side?: string;
  readonly data?: string;
  readonly json?: true;
}

/** `control rules ..` and `control keys ..`: what an administrator does beside a control that goes on serving. */
export function addAdministration(control: Command): void {
  const rules = control
    .command('rules')
    .description('read and change the rules of the control in --data; needs --side');
  rules
    .command('show')
    .description('the rules that hold, or those of a version')
    .argument('[version]')
    .action(showRules);
  rules.command('history').description('which version held from when, and who changed it').action(listRules);
  rules
    .command('set')
    .description(
      'takes a rule set with a new version into force, or an older one again; a running control needs no restart',
    )
    .argument('<file>', 'rule set (jointgate-rules/1)')
    .requiredOption('--by <account>', 'the administrator’s account, kept with the change')
    .action(setRules);
  control
    .command('keys')
    .description(
      'change the signing key of the control in --data; needs --side. prepare: make the next one, published beside the one that signs; activate: let it sign; retire: the one before is not valid any more. Then SIGHUP to a running control',
    )
    .addArgument(new Argument('<step>').choices([...ROTATION_STEPS]))
    .action(rotate);
}

async function showRules(version: string | undefined, _options: object, command: Command): Promise<void> {
  withBook(command, (book) => {
    const rules = version === undefined ? book.current() : book.of(version);
    if (rules === null) unknown(version ?? '');
    else printJson(rules);
  });
}

function unknown(version: string): void {
  printLine(`no rules of version ${version} were ever in force`);
  answerNegative();
}

async function listRules(_options: object, command: Command): Promise<void> {
  withBook(command, (book, { json }) => {
    for (const change of book.history()) {
      if (json) printJson(change);
      else printLine(`${change.at}  ${change.version}  by ${change.by}`);
    }
  });
}

async function setRules(file: string, { by }: { readonly by: string }, command: Command): Promise<void> {
  checkAccount(by);
  const rules = await readJson(file, MAX_RULES_BYTES);
  withBook(command, (book) => {
    const changed = book.change(rules, by, Date.now());
    if (!changed.ok) throw usageFailure(`${file}: ${wordsOf(changed.error)}`);
    printLine(`rules ${changed.value.version} for ${changed.value.side} hold`);
  });
}

function wordsOf(error: RuleBookError): string {
  switch (error.code) {
    case 'ruleSetInvalid':
      return `no valid rule set: ${error.problems.slice(0, 5).join('; ')}`;
    case 'rulesOfOtherSide':
      return `the rules are for ${error.found}`;
    case 'ruleVersionReused':
      return `version ${error.version} is known with other rules; give changed rules a new version`;
    case 'ruleVersionUnknown':
      return `no rules of version ${error.version} were ever in force`;
  }
}

function rotate(step: RotationStep, _options: object, command: Command): void {
  const { side, data, json } = whereOf(command);
  const rotated = rotateSigningKey(join(data, 'keys'), side, step);
  if (!rotated.ok) {
    const { error } = rotated;
    if ('path' in error) throw fault(`keys: ${error.code} ${error.path}`);
    throw usageFailure(`${step}: ${error.code}`);
  }
  const [signs, ...others] = rotated.value;
  if (json) {
    printJson({ signs, alsoValid: others });
    return;
  }
  printLine(`signs: ${signs?.keyId} (${signs?.raw})`);
  for (const { keyId, raw } of others) printLine(`valid too: ${keyId} (${raw})`);
}

function withBook(command: Command, work: (book: RuleBook, where: Where) => void): void {
  const { side, data, json } = whereOf(command);
  if (!existsSync(join(data, `control-${side}.sqlite`))) throw usageFailure(`there is no ${side} control in ${data}`);
  const opened = openDatabase(data, side);
  if (!opened.ok) throw fault(`cannot open the control's file: ${JSON.stringify(opened.error)}`);
  try {
    work(createRuleBook(opened.value, side), { ...(json ? { json } : {}) });
  } finally {
    opened.value.close();
  }
}

function whereOf(command: Command): { readonly side: Side; readonly data: string; readonly json?: true } {
  const { side, data, json } = command.optsWithGlobals<Where>();
  const known = SIDES.find((candidate) => candidate === side);
  if (known === undefined || data === undefined) throw usageFailure('needs --side exit|entry and --data DIR');
  return { side: known, data: callerPath(data), ...(json ? { json } : {}) };
}
