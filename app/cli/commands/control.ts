import { join } from 'node:path';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { base64UrlSchema } from '../../contract/control-protocol.ts';
import { SIDES, type Side } from '../../contract/crossing.ts';
import { ok } from '../../contract/result.ts';
import type { ControlKey } from '../../controls/control.ts';
import { loadControlKeys } from '../../controls/embedded/control-keys.ts';
import { PORT_CACHE_KIB } from '../../controls/embedded/database.ts';
import { type EmbeddedControl, openEmbeddedControl } from '../../controls/embedded/embedded-control.ts';
import { type OutcomeInquiry, startOutcomeInquiry } from '../../controls/inquiry/outcome-inquiry.ts';
import { openRemoteHome } from '../../controls/inquiry/remote-home.ts';
import { parseRuleSet, type RuleSet } from '../../controls/rules/rule-set.ts';
import { type ControlServer, startControlServer } from '../../controls/server/control-server.ts';
import { systemClock } from '../../lane/clock.ts';
import { RetentionJob } from '../../record/retention-job.ts';
import { callerPath, fault, printJson, printLine, printNote, readInput, readJson, usageFailure } from '../io.ts';
import { addAdministration } from './control-admin.ts';

const laneKeysSchema = z
  .array(z.strictObject({ keyId: z.string().max(64), raw: base64UrlSchema.length(43) }))
  .min(1)
  .max(1_000);
const MAX_RULES_BYTES = 1_000_000;
const MAX_SEED_BYTES = 256_000_000;
const MAX_PEM_BYTES = 1_000_000;

interface ControlArgs {
  readonly side?: Side;
  readonly data?: string;
  readonly rules?: string;
  readonly seed?: string;
  readonly check?: true;
  readonly listen: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly clientCa?: string;
  readonly client: readonly string[];
  readonly anyClient?: true;
  readonly laneKeys?: string;
  readonly keepDays: string;
  readonly home?: string;
  readonly json?: true;
}

export function buildCommand(): Command {
  const command = new Command('control')
    .description(
      'Run one boundary control as a server of its own: HTTPS with mutual TLS, rules and entitlements from files.',
    )
    .addOption(new Option('--side <side>', 'whose control this is').choices([...SIDES]))
    .option('--data <dir>', 'folder for the control’s file and, in `keys`, its keys')
    .option('--rules <file>', 'rule set (jointgate-rules/1); counts when its version is new to this control')
    .option('--seed <file>', 'holders, endorsements and watchlist to load first (jointgate-entitlements/1)')
    .option('--check', 'read the rules and load the seed, say what is wrong, and end without serving')
    .option('--listen <host:port>', 'where to serve; port 0 takes a free one', '127.0.0.1:8443')
    .option('--tls-cert <file>', 'PEM of the server’s certificate')
    .option('--tls-key <file>', 'PEM of its key')
    .option('--client-ca <file>', 'PEM of the authority that signs the lanes’ certificates')
    .option('--client <sha256>', 'fingerprint AB:CD:.. of a lane that may ask; may be repeated', collectFingerprint, [])
    .option('--any-client', 'every lane the authority has signed may ask')
    .option('--lane-keys <file>', 'JSON list of the public keys lanes sign receipts with: [{"keyId":..,"raw":..}]')
    .option('--home <url>', 'https address of the record’s home, which is asked what became of a clear nobody spoke of')
    .option('--keep-days <days>', 'whole days that ended crossings are kept', '30')
    .option('--json', 'the line that says it is ready as JSON')
    .action(run);
  addAdministration(command);
  return command;
}

/** Options that serving needs, and the administration's subcommands partly don't. */
type ServeArgs = ControlArgs & Required<Pick<ControlArgs, 'side' | 'data' | 'rules'>>;

async function run(given: ControlArgs): Promise<void> {
  const { side, data, rules: rulesFile } = given;
  if (side === undefined || data === undefined || rulesFile === undefined)
    throw usageFailure('serving needs --side, --data and --rules');
  const args: ServeArgs = { ...given, side, data, rules: rulesFile };
  const rules = await readRules(args.rules);
  const control = await open(args, rules);
  if (args.seed !== undefined) await load(control, args.seed);
  if (args.check) {
    await control.close();
    printLine(`rules ${rules.version} for ${rules.side} are valid`);
    return;
  }
  const server = await serve(args, control);
  const inquiry = await inquire(args, control);
  const retention = startRetention(args, control);
  const [key] = await publicKeys(control);
  const { host } = parseListen(args.listen);
  const ruleVersion = control.rules.current().version;
  const ready = { side: args.side, url: `https://${host}:${server.port}`, ruleVersion, signingKey: key };
  if (args.json) printJson(ready);
  else
    printLine(
      `${args.side} control serves ${ready.url}, rules ${ruleVersion}, signs with key ${key?.keyId} (${key?.raw})`,
    );
  stopOnSignal(server, control, inquiry, retention);
  reloadOnSignal(args, control);
}

async function readRules(file: string): Promise<RuleSet> {
  const rules = parseRuleSet(await readJson(file, MAX_RULES_BYTES));
  if (rules.ok) return rules.value;
  throw usageFailure(`${file} is no valid rule set: ${rules.error.problems.slice(0, 5).join('; ')}`);
}

async function open({ side, data, laneKeys }: ServeArgs, rules: RuleSet): Promise<EmbeddedControl> {
  const dataDir = callerPath(data);
  const keys = loadControlKeys(join(dataDir, 'keys'), side);
  if (!keys.ok) throw fault(`keys: ${keys.error.code} ${keys.error.path}`);
  for (const path of keys.value.created) printNote(`made ${path}`);
  const opened = await openEmbeddedControl({
    side,
    dataDir,
    rules,
    ...keys.value,
    cacheKib: PORT_CACHE_KIB,
    ...(laneKeys === undefined ? {} : { laneKeys: await readLaneKeys(laneKeys) }),
    onAlarm: ({ code, recordId }) => printNote(`alarm ${code} ${recordId}`),
  });
  if (opened.ok) return opened.value;
  if (opened.error.code === 'ruleVersionReused')
    throw usageFailure(`version ${opened.error.version} is known with other rules; give changed rules a new version`);
  if (opened.error.code === 'rulesOfOtherSide') throw usageFailure(`the rules are for ${opened.error.found}`);
  throw fault(`cannot open the control's file: ${JSON.stringify(opened.error)}`);
}

async function load(control: EmbeddedControl, file: string): Promise<void> {
  const loaded = control.seed(await readJson(file, MAX_SEED_BYTES));
  if (loaded.ok) {
    const { holders, watchlistEntries } = loaded.value;
    printNote(`loaded ${holders} holders, watchlist ${watchlistEntries ?? 'unchanged'}`);
    return;
  }
  await control.close();
  if (loaded.error.code === 'storeFailed') throw fault(`cannot load ${file}: ${loaded.error.detail}`);
  throw usageFailure(`${file} is no valid seed: ${loaded.error.problems.slice(0, 5).join('; ')}`);
}

async function serve(args: ServeArgs, control: EmbeddedControl): Promise<ControlServer> {
  const { tlsCert, tlsKey, clientCa } = args;
  if (tlsCert === undefined || tlsKey === undefined || clientCa === undefined) {
    throw usageFailure('serving needs --tls-cert, --tls-key and --client-ca');
  }
  if (!/^[1-9]\d{0,3}$/.test(args.keepDays)) throw usageFailure('--keep-days is a number of days, 1 or more');
  // Fail closed: letting in everybody of an authority is something to be said aloud.
  if (args.client.length === 0 && !args.anyClient)
    throw usageFailure('name each lane with --client, or say --any-client');
  // A passage nobody has signed is no passage.
  if (args.laneKeys === undefined) throw usageFailure('serving needs --lane-keys');
  const [cert, key, ca] = await Promise.all([tlsCert, tlsKey, clientCa].map(readPem));
  try {
    return await startControlServer({
      control,
      ...parseListen(args.listen),
      tls: { cert: cert ?? '', key: key ?? '', clientCa: ca ?? '' },
      allowedClients: args.anyClient ? null : args.client,
      onFault: (error) => printNote(`fault ${error instanceof Error ? error.message : 'unknown'}`),
    });
  } catch (error) {
    await control.close();
    throw fault(`cannot serve on ${args.listen}: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

/** Every hour, and once at the start. What is erased or cannot be is said; the control has no journal of its own. */
function startRetention({ keepDays }: ServeArgs, control: EmbeddedControl): RetentionJob {
  const days = Number(keepDays);
  const job = new RetentionJob({
    record: null,
    controls: [control],
    keepDays: { record: days, controls: days },
    audit: async ({ event, facts }) => {
      printNote(`${event} ${JSON.stringify(facts)}`);
      return ok(0);
    },
    clock: systemClock,
  });
  job.start();
  return job;
}

/** With the control's own certificate, which the home's authority must have signed as a client's too. */
async function inquire(args: ServeArgs, control: EmbeddedControl): Promise<OutcomeInquiry | null> {
  const { home, tlsCert, tlsKey, clientCa } = args;
  if (home === undefined || tlsCert === undefined || tlsKey === undefined || clientCa === undefined) return null;
  if (!/^https:\/\//.test(home)) throw usageFailure('--home is an https address');
  const [cert = '', key = '', ca = ''] = await Promise.all([tlsCert, tlsKey, clientCa].map(readPem));
  return startOutcomeInquiry({ control, home: openRemoteHome(home, { ca, cert, key }) });
}

/** SIGHUP: the keys in the folder are read again. Requests under way end with the key they began with. */
function reloadOnSignal({ side, data }: ServeArgs, control: EmbeddedControl): void {
  process.on('SIGHUP', () => {
    const keys = loadControlKeys(join(callerPath(data), 'keys'), side);
    if (!keys.ok) return printNote(`keys: ${keys.error.code} ${keys.error.path}; the old ones stay`);
    control.signWith(keys.value.signingKey, keys.value.alsoValid);
    printNote(`signs with key ${keys.value.signingKey.keyId}`);
  });
}

async function readLaneKeys(file: string): Promise<readonly ControlKey[]> {
  const keys = laneKeysSchema.safeParse(await readJson(file, MAX_PEM_BYTES));
  if (keys.success) return keys.data;
  throw usageFailure('--lane-keys: expected [{"keyId":..,"raw":..}]');
}

function stopOnSignal(
  server: ControlServer,
  control: EmbeddedControl,
  inquiry: OutcomeInquiry | null,
  retention: RetentionJob,
): void {
  const stop = async (): Promise<void> => {
    await retention.stop();
    await inquiry?.stop();
    await server.close();
    await control.close();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}

function parseListen(listen: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(listen) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    throw usageFailure(`--listen is HOST:PORT, not ${listen}`);
  }
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

async function publicKeys(control: EmbeddedControl) {
  const keys = await control.keys();
  if (!keys.ok) throw fault('the control has no key');
  return keys.value;
}

async function readPem(file: string): Promise<string> {
  return (await readInput(file, MAX_PEM_BYTES)).toString('utf8');
}

function collectFingerprint(value: string, before: readonly string[]): readonly string[] {
  const fingerprint = value.toUpperCase();
  if (!/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/.test(fingerprint)) throw usageFailure(`not a SHA-256 fingerprint: ${value}`);
  return [...before, fingerprint];
}
