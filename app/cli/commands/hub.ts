import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadOrCreateKeyFile } from '../../crypto/key-files.ts';
import { type Hub, openHub } from '../../hub/open-hub.ts';
import { startPortRetention } from '../../hub/records/port-retention.ts';
import { systemClock } from '../../lane/clock.ts';
import { openPortAccounts } from '../../officers/open-accounts.ts';
import { fault, printJson, printLine, printNote } from '../io.ts';
import { addDocuments } from './hub-documents.ts';
import { devSetup, fieldSetup, type HubArgs, type Setup } from './hub-setup.ts';

export function buildCommand(): Command {
  const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
  const hub = new Command('hub')
    .description('Run the port hub: many lanes, one joint record in PostgreSQL, officers’ consoles in browsers.')
    .option('--config <file>', 'what to serve, and with which keys (hub.json)')
    .option('--database <url>', 'PostgreSQL 15 or later, without a password; a password belongs into a file or .pgpass')
    .option('--dev', 'for development: starts PostgreSQL by itself and makes certificates')
    .option('--data <dir>', 'with --dev: folder for all of it', 'jointgate-hub')
    .option('--lane <id>', 'with --dev: a lane to make a certificate for; may be repeated', collect, [])
    .option('--control-keys <file>', 'with --dev: { "exit": [{ keyId, raw }], "entry": [..] }')
    .option('--lane-port <port>', 'with --dev', '8444')
    .option('--console-port <port>', 'with --dev', '8445')
    .option('--pages <dir>', 'with --dev: the console’s built pages; those of this checkout or package without')
    .option('--json', 'the line that says it is ready as JSON')
    .action(run);
  addDocuments(hub);
  return hub;
}

async function run(args: HubArgs): Promise<void> {
  const setup = args.dev ? await devSetup(args) : await fieldSetup(args);
  try {
    await serve(setup, args);
  } catch (cause) {
    await setup.stop();
    throw cause;
  }
}

async function serve(setup: Setup, { json }: HubArgs): Promise<void> {
  const { config, connectionString } = setup;
  const signingKey = loadOrCreateKeyFile(join(config.dataFolder, 'keys', 'port-signing.pem'), 'signing');
  if (!signingKey.ok) throw fault(`keys: ${signingKey.error.code} ${signingKey.error.path}`);
  const accounts = config.console === null ? null : await openPortAccounts(config.dataFolder, connectionString);
  if (accounts !== null && !accounts.ok) throw fault(`accounts: ${accounts.error.code} ${accounts.error.detail}`);
  const opened = await openHub({
    connection: { connectionString },
    tls: setup.tls,
    lanes: config.lanes,
    ...(config.console === null || accounts === null
      ? {}
      : { console: { ...config.console, accounts: accounts.value, documentKey: documentKeyIn(config.dataFolder) } }),
    signingKeyPem: signingKey.value.pem,
    controlKeys: config.controlKeys,
    onFault: (error) => printNote(`fault ${error instanceof Error ? error.message : 'unknown'}`),
  });
  if (!opened.ok) {
    await accounts?.value.close();
    throw fault(`${opened.error.code}: ${opened.error.detail}`);
  }
  const hub = opened.value;
  const retention = await startPortRetention({
    connection: { connectionString },
    signingKeyPem: signingKey.value.pem,
    controlKeys: config.controlKeys,
    records: hub.parts.records,
    keepDays: config.keepDays,
    clock: systemClock,
  });
  if (!retention.ok) {
    await hub.close();
    await accounts?.value.close();
    throw fault(`retention: ${retention.error.code}`);
  }
  const urlOf = (host: string, port: number | null): string | null =>
    port === null ? null : `https://${host}:${port}`;
  const ready = {
    lanes: urlOf(config.lanes.host, hub.lanePort),
    console: urlOf(config.console?.host ?? '', hub.consolePort),
    signingKey: { keyId: signingKey.value.key.keyId, raw: signingKey.value.key.publicKeyRaw },
  };
  if (json) printJson(ready);
  else
    printLine(
      `hub serves lanes at ${ready.lanes}, consoles at ${ready.console ?? 'no port'}; key ${ready.signingKey.keyId}`,
    );
  stopOnSignal(retention.value, hub, async () => {
    await accounts?.value.close();
    await setup.stop();
  });
}

/** The lanes' own `keys/port-document.hex`, if the port has put it here too: only then a document can be searched for. */
function documentKeyIn(dataFolder: string): Uint8Array | null {
  const path = join(dataFolder, 'keys', 'port-document.hex');
  if (!existsSync(path)) return null;
  const key = loadOrCreateKeyFile(path, 'secret');
  if (!key.ok) throw fault(`keys: ${key.error.code} ${key.error.path}`);
  return key.value.key;
}

function stopOnSignal(retention: { stop(): Promise<void> }, hub: Hub, after: () => Promise<void>): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await retention.stop();
    await hub.close();
    await after();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}
