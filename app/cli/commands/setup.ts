import { copyFileSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import type { Side } from '../../contract/crossing.ts';
import { loadOrCreateKeyFile } from '../../crypto/key-files.ts';
import { openLaneKeys, type PublicKey, publicKeyOf } from '../../lane/lane-keys.ts';
import { type LaneProfile, readLaneProfile } from '../../lane/lane-profile.ts';
import { signaturePath, signConfiguration, verifyConfiguration } from '../../lane/signed-configuration.ts';
import { answerNegative, callerPath, fault, printJson, printLine, printNote, usageFailure } from '../io.ts';
import { answersFrom, askAnswers } from './setup-assistant.ts';
import { profileText } from './setup-profile.ts';

const FOLDER = '/etc/jointgate';
const PROFILE = 'lane.json';

export function buildCommand(): Command {
  return new Command('setup')
    .description('First start: ask what is fitted and write a commented lane profile with example rules beside it.')
    .option('--folder <folder>', 'where the configuration is written', FOLDER)
    .option('--answers <file>', 'answers as JSON instead of questions; what is left out has its standard answer')
    .action(writeConfiguration)
    .addCommand(
      new Command('check').description('Say what is wrong with a lane profile.').argument('<profile>').action(check),
    )
    .addCommand(
      new Command('key')
        .description('Make an Ed25519 key of whoever answers for configurations or releases; prints its public half.')
        .argument('<file>', 'private key, written once with mode 0600')
        .action(makeKey),
    )
    .addCommand(
      new Command('keys')
        .description(
          'Print what others must know of a lane: the key that signs its receipts (for `control --lane-keys`), and those of its embedded controls (for hub.json).',
        )
        .argument('<profile>')
        .action(printKeys),
    )
    .addCommand(
      new Command('sign')
        .description('Sign a lane profile and every file it names.')
        .argument('<profile>')
        .requiredOption('--key <file>', 'private key, made by `setup key`')
        .action(sign),
    )
    .addCommand(
      new Command('verify')
        .description('Verify a signed configuration as the lane does at its start. Exit 0: good, 1: not.')
        .argument('<profile>')
        .option('--keys <file>', 'trusted public keys, one a line', join(FOLDER, 'configuration-keys.txt'))
        .action(verify),
    );
}

async function writeConfiguration({ folder, answers }: { folder: string; answers?: string }): Promise<void> {
  const home = callerPath(folder);
  const path = join(home, PROFILE);
  if (existsSync(path)) throw usageFailure(`${path} is there already; move it away to begin anew`);
  const given = answers === undefined ? await askAnswers(process.stdin, process.stderr) : await answersFrom(answers);
  mkdirSync(join(home, 'rules'), { recursive: true, mode: 0o755 });
  for (const side of ['exit', 'entry']) {
    const rules = join(home, 'rules', `${side}.json`);
    if (!existsSync(rules)) copyFileSync(exampleRules(side), rules);
  }
  writeFileSync(path, profileText(given), { flag: 'wx', mode: 0o644 });
  readProfile(path);
  printLine(path);
  printNote('next: let each side replace its example rules, then `jointgate setup sign` the profile');
}

function check(profile: string): void {
  readProfile(callerPath(profile));
  printLine('the profile is valid');
}

function makeKey(file: string): void {
  const path = callerPath(file);
  const loaded = loadOrCreateKeyFile(path, 'signing');
  if (!loaded.ok) throw fault(`${loaded.error.code}: ${loaded.error.path}`);
  printLine(`${loaded.value.key.publicKeyRaw} # ${loaded.value.key.keyId}`);
}

/** Public halves, one JSON object; keys that are not there yet are made, as at the lane's first start. */
function printKeys(profilePath: string): void {
  const profile = readProfile(callerPath(profilePath));
  const keys = openLaneKeys(profile.dataFolder);
  if (!keys.ok) throw fault(`${keys.error.code}: ${keys.error.detail}`);
  const ofControl = (side: Side): readonly PublicKey[] => {
    // A control on the network has keys of its own, and prints them itself.
    if (profile.controls[side].kind !== 'embedded') return [];
    const { alsoValid, ...control } = keys.value.controls[side];
    return [publicKeyOf(control), ...alsoValid.map(({ keyId, raw }) => ({ keyId, raw }))];
  };
  const lane = [publicKeyOf({ signingKey: keys.value.signing })];
  printJson({ lane, exit: ofControl('exit'), entry: ofControl('entry') });
}

function sign(profilePath: string, { key }: { key: string }): void {
  const path = callerPath(profilePath);
  const keyPath = callerPath(key);
  if (lstatSync(keyPath, { throwIfNoEntry: false }) === undefined) throw usageFailure(`there is no key ${keyPath}`);
  const loaded = loadOrCreateKeyFile(keyPath, 'signing');
  if (!loaded.ok) throw fault(`${loaded.error.code}: ${loaded.error.path}`);
  writeFileSync(signaturePath(path), signConfiguration(path, readProfile(path), loaded.value.key, new Date()));
  printLine(signaturePath(path));
}

function verify(profilePath: string, { keys }: { keys: string }): void {
  const path = callerPath(profilePath);
  const verified = verifyConfiguration(path, readProfile(path), callerPath(keys));
  if (verified.ok) printLine('the configuration is what a trusted key has signed');
  else {
    printLine(`${verified.error.code}: ${verified.error.detail}`);
    answerNegative();
  }
}

function readProfile(path: string): LaneProfile {
  const read = readLaneProfile(path);
  if (read.ok) return read.value;
  const { error } = read;
  throw usageFailure(`${error.code}: ${error.code === 'profileInvalid' ? error.problems.join('; ') : error.detail}`);
}

/** In the checkout and in the installed command (dist/cli) alike the rules lie in app/controls. */
function exampleRules(side: string): string {
  for (const up of ['../../', '../../app/']) {
    const path = join(dirname(new URL(import.meta.url).pathname), up, 'controls/rules/examples', `${side}.demo.json`);
    if (existsSync(path)) return path;
  }
  throw fault(`the example rules of the ${side} side are not in this installation`);
}
