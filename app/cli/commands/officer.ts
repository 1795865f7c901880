import { Command, Option } from 'commander';
import { type Authority, authoritySchema } from '../../contract/crossing.ts';
import { isOfControl, OFFICER_ROLES, type OfficerRole, officerNumberSchema } from '../../contract/officer-account.ts';
import type { Result } from '../../contract/result.ts';
import { addOfficer, resetPin } from '../../officers/administration.ts';
import { type Accounts, openLaneAccounts, openPortAccounts } from '../../officers/open-accounts.ts';
import { answerNegative, callerPath, fault, printJson, printLine, usageFailure } from '../io.ts';
import { readFirstPin } from './officer-pin.ts';

interface PlaceArgs {
  readonly data: string;
  readonly database?: string;
  readonly json?: true;
}

export function buildCommand(): Command {
  const officer = new Command('officer').description(
    'Officers’ accounts of a lane, or with --database of a port. The owner of the machine is the administrator.',
  );
  const sub = (name: string, text: string): Command =>
    withPlace(officer.command(name).description(text)).option('--json', 'the outcome as JSON');
  sub('add', 'add an account; the PIN is typed, or read from standard input, and good for the first sign-in only')
    .argument('<number>', 'service number, 3 to 16 capital letters and digits')
    .addOption(new Option('--role <role>', 'what the officer is').choices([...OFFICER_ROLES]).makeOptionMandatory())
    .option(
      '--authority <state>',
      'whose officer: the state’s code as in a lane’s direction; exitOfficer and entryOfficer only',
    )
    .action(add);
  sub('bind', 'bind an exit or entry officer to an authority; their sessions end')
    .argument('<number>')
    .requiredOption('--authority <state>', 'the state’s code as in a lane’s direction, such as CHN')
    .action(bind);
  sub('list', 'list the accounts, without anything of their PINs').action(list);
  sub('disable', 'close an account; its sessions end at once')
    .argument('<number>')
    .action((number: string, args: PlaceArgs) => setClosed(number, args, true));
  sub('enable', 'open a closed account again')
    .argument('<number>')
    .action((number: string, args: PlaceArgs) => setClosed(number, args, false));
  sub('reset-pin', 'give a new first PIN, which also lifts a lock').argument('<number>').action(giveNewPin);
  return officer;
}

function withPlace(command: Command): Command {
  return command
    .requiredOption('--data <folder>', 'data folder of the lane or of the hub')
    .option('--database <url>', 'PostgreSQL of the port; its password is better in ~/.pgpass than here');
}

async function add(
  number: string,
  args: PlaceArgs & { readonly role: OfficerRole; readonly authority?: string },
): Promise<void> {
  const checked = checkNumber(number);
  const { role } = args;
  const authority = args.authority === undefined ? null : checkAuthority(args.authority);
  if (isOfControl(role) && authority === null) throw usageFailure(`--authority: whose ${role} this is`);
  if (!isOfControl(role) && authority !== null) throw usageFailure(`--authority: a ${role} is the port’s`);
  const pin = await readFirstPin();
  await withAccounts(args, async ({ store, hasher }) => {
    const at = new Date().toISOString();
    return {
      ...say(await addOfficer({ store, hasher, number: checked, role, authority, pin, at })),
      number,
      role,
      authority,
    };
  });
}

async function bind(number: string, args: PlaceArgs & { readonly authority: string }): Promise<void> {
  const checked = checkNumber(number);
  const authority = checkAuthority(args.authority);
  await withAccounts(args, async ({ store }) => ({
    ...say(await store.setAuthority(checked, authority)),
    number,
    authority,
  }));
}

async function giveNewPin(number: string, args: PlaceArgs): Promise<void> {
  const checked = checkNumber(number);
  const pin = await readFirstPin();
  await withAccounts(args, async ({ store, hasher }) => {
    const at = new Date().toISOString();
    return { ...say(await resetPin({ store, hasher, number: checked, pin, at })), number };
  });
}

async function setClosed(number: string, args: PlaceArgs, closed: boolean): Promise<void> {
  const checked = checkNumber(number);
  await withAccounts(args, async ({ store }) => ({
    ...say(await store.setClosed(checked, closed, new Date().toISOString())),
    number,
  }));
}

async function list(args: PlaceArgs): Promise<void> {
  const accounts = await open(args);
  const listed = await accounts.store.list();
  await accounts.close();
  if (!listed.ok) throw fault(`cannot read the accounts: ${listed.error.code}`);
  for (const { number, role, authority, closed, pinIsFirst, addedAt } of listed.value) {
    if (args.json) printJson({ number, role, authority, closed, pinIsFirst, addedAt });
    else {
      const whose = authority ?? (isOfControl(role) ? 'NOT BOUND' : 'port');
      const state = closed ? 'closed' : pinIsFirst ? 'first PIN not changed yet' : 'open';
      printLine(`${number.padEnd(16)} ${role.padEnd(14)} ${whose.padEnd(9)} ${state}`);
    }
  }
}

function checkAuthority(authority: string): Authority {
  if (!authoritySchema.safeParse(authority).success)
    throw usageFailure('an authority is a state’s code of three capital letters, such as CHN');
  return authority;
}

function checkNumber(number: string): string {
  if (!officerNumberSchema.safeParse(number).success)
    throw usageFailure('a service number is 3 to 16 capital letters and digits');
  return number;
}

/** `storeFailed` and the like are faults; a taken or unknown number, a simple PIN and a role of the port are the answer no. */
function say(result: Result<void, { readonly code: string }>): {
  readonly done: boolean;
  readonly code: string | null;
} {
  if (result.ok) return { done: true, code: null };
  const { code } = result.error;
  if (['numberTaken', 'unknownOfficer', 'pinTooSimple', 'roleOfPort'].includes(code)) return { done: false, code };
  throw fault(`cannot change the accounts: ${code}`);
}

interface Outcome {
  readonly done: boolean;
  readonly code: string | null;
  readonly number: string;
}

const SENTENCES: Readonly<Record<string, string>> = {
  numberTaken: 'this number is somebody’s already',
  unknownOfficer: 'there is no such account',
  roleOfPort: 'this role is the port’s: it belongs to no authority',
  pinTooSimple: 'the PIN is too simple: no runs, no repeats',
};

async function withAccounts(args: PlaceArgs, work: (accounts: Accounts) => Promise<Outcome>): Promise<void> {
  const accounts = await open(args);
  try {
    const outcome = await work(accounts);
    if (args.json) printJson(outcome);
    else printLine(outcome.done ? `${outcome.number}: done` : `${outcome.number}: ${SENTENCES[outcome.code ?? '']}`);
    if (!outcome.done) answerNegative();
  } finally {
    await accounts.close();
  }
}

async function open({ data, database }: PlaceArgs): Promise<Accounts> {
  const folder = callerPath(data);
  const opened = database === undefined ? openLaneAccounts(folder) : await openPortAccounts(folder, database);
  if (opened.ok) return opened.value;
  throw fault(`cannot open the accounts: ${opened.error.code} ${opened.error.detail}`);
}
