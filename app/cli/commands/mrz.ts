import { Command } from 'commander';
import { fault } from '../io.ts';

export function buildCommand(): Command {
  return new Command('mrz').action(() => {
    throw fault('the MRZ reader is being built');
  });
}
