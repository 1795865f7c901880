import { spawnSync } from 'node:child_process';
import { ALLOCATOR_ENVIRONMENT, HEAP_ARGUMENTS } from '../../app/main/child-environment.ts';

/**
 * Starts this program once more as the lane's own process is started in the field, and ends with its exit code: the allocator reads
 * its settings before the first line of a program runs.
 */
export function asLaneProcess(): void {
  const isOne = Object.entries(ALLOCATOR_ENVIRONMENT).every(([name, value]) => process.env[name] === value);
  if (isOne) return;
  const { status } = spawnSync(process.execPath, [...HEAP_ARGUMENTS, ...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, ...ALLOCATOR_ENVIRONMENT },
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
