import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeDevCertificates } from '../../hub/dev/dev-certificates.ts';
import { type HubConfig, hubConfigSchema } from '../../hub/hub-config.ts';
import { startDevPostgres } from '../../record/postgres/dev-server.ts';
import { callerPath, fault, printNote, readInput, readJson, usageFailure } from '../io.ts';

const MAX_CONFIG_BYTES = 1_000_000;
const MAX_SECRET_BYTES = 10_000;

export interface HubArgs {
  readonly dev?: true;
  readonly data: string;
  readonly config?: string;
  readonly database?: string;
  readonly lane: readonly string[];
  readonly controlKeys?: string;
  readonly lanePort: string;
  readonly consolePort: string;
  readonly pages?: string;
  readonly json?: true;
}

/** What is served, with everything read from files; `stop` ends what was started besides the hub. */
export interface Setup {
  readonly config: HubConfig;
  readonly tls: { readonly cert: string; readonly key: string; readonly laneCa: string };
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** All of it made here, for development. */
export async function devSetup(args: HubArgs): Promise<Setup> {
  const data = callerPath(args.data);
  // PostgreSQL refuses to run as root and runs as nobody then: it must be able to reach its own folder, and that only.
  mkdirSync(data, { recursive: true, mode: 0o711 });
  const postgres = await startDevPostgres(join(data, 'postgres'));
  if (!postgres.ok) throw fault(`${postgres.error.code}: ${postgres.error.detail}`);
  const { host, port, user, database } = postgres.value.connection;
  const stop = (): Promise<void> => postgres.value.stop('fast');
  const lanes = args.lane.length === 0 ? ['lane-1', 'lane-2'] : args.lane;
  const made = await makeDevCertificates(join(data, 'tls'), lanes);
  printNote(`development certificates for ${lanes.join(', ')} in ${join(data, 'tls')}`);
  const built = import.meta.filename.endsWith('.ts') ? '../../../dist/renderer' : '../renderer';
  const pages = args.pages === undefined ? resolve(import.meta.dirname, built) : callerPath(args.pages);
  const config = readConfig('--dev', {
    version: 1,
    dataFolder: data,
    lanes: { host: '127.0.0.1', port: Number(args.lanePort) },
    console: { host: '127.0.0.1', port: Number(args.consolePort), pages },
    tls: { cert: 'tls/hub.pem', key: 'tls/hub-key.pem', laneCa: 'tls/authority.pem' },
    controlKeys:
      args.controlKeys === undefined ? { exit: [], entry: [] } : await readJson(args.controlKeys, MAX_CONFIG_BYTES),
  });
  return {
    config,
    tls: { cert: made.cert, key: made.key, laneCa: made.authority },
    connectionString: `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`,
    stop,
  };
}

/** Of a hub as a port has one, from its `hub.json`. */
export async function fieldSetup(args: Pick<HubArgs, 'config' | 'database'>): Promise<Setup> {
  if (args.config === undefined) throw usageFailure('name the configuration with --config FILE, or say --dev');
  const file = callerPath(args.config);
  const found = readConfig(args.config, await readJson(args.config, MAX_CONFIG_BYTES));
  const at = (path: string): string => resolve(dirname(file), path);
  const config: HubConfig = {
    ...found,
    dataFolder: at(found.dataFolder),
    console:
      found.console === null
        ? null
        : { ...found.console, pages: found.console.pages === null ? null : at(found.console.pages) },
  };
  const [cert, key, laneCa] = await Promise.all(
    [found.tls.cert, found.tls.key, found.tls.laneCa].map((path) => readText(at(path), MAX_CONFIG_BYTES)),
  );
  return {
    config,
    tls: { cert: cert ?? '', key: key ?? '', laneCa: laneCa ?? '' },
    connectionString: await connectionOf(args, found.databaseFile === null ? null : at(found.databaseFile)),
    stop: async () => undefined,
  };
}

/** A password in an argument is seen by every process of the machine: only a file or the environment may hold one. */
async function connectionOf({ database }: Pick<HubArgs, 'database'>, file: string | null): Promise<string> {
  if (database !== undefined) {
    const url = URL.canParse(database) ? new URL(database) : null;
    if (url === null || !/^postgres(ql)?:$/.test(url.protocol))
      throw usageFailure('--database is a postgres:// address');
    if (url.password !== '' || url.searchParams.has('password')) {
      throw usageFailure('no password in --database: use databaseFile, JOINTGATE_DATABASE_URL or .pgpass');
    }
    return database;
  }
  if (file !== null) {
    if ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) {
      throw usageFailure(`${file} can be read by others; make it mode 0600`);
    }
    return (await readText(file, MAX_SECRET_BYTES)).trim();
  }
  const fromEnvironment = process.env.JOINTGATE_DATABASE_URL;
  if (fromEnvironment === undefined || fromEnvironment === '') {
    throw usageFailure('which database? databaseFile in the configuration, JOINTGATE_DATABASE_URL or --database');
  }
  return fromEnvironment;
}

function readConfig(name: string, value: unknown): HubConfig {
  const config = hubConfigSchema.safeParse(value);
  if (config.success) return config.data;
  const problems = config.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
  throw usageFailure(`${name} is no valid configuration: ${problems.join('; ')}`);
}

async function readText(file: string, maxBytes: number): Promise<string> {
  return (await readInput(file, maxBytes)).toString('utf8');
}
