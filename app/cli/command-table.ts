import type { Command } from 'commander';

/** A command file exports `buildCommand`: a commander command with its options, subcommands and action. */
export interface CommandModule {
  readonly buildCommand: () => Command;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** One line a command. Only the command that is asked for is loaded, so native modules of the others stay out. */
export const COMMAND_TABLE: readonly CommandEntry[] = [
  { name: 'mrz', summary: 'read machine-readable zones', load: () => import('./commands/mrz.ts') },
  { name: 'chip', summary: 'read the chip of a travel document', load: () => import('./commands/chip.ts') },
  { name: 'lds', summary: 'verify the files of a chip', load: () => import('./commands/lds.ts') },
  { name: 'face', summary: 'compare faces, measure and calibrate', load: () => import('./commands/face.ts') },
  {
    name: 'record',
    summary: 'verify, export and reconcile a joint record',
    load: () => import('./commands/record.ts'),
  },
  {
    name: 'control',
    summary: 'run one boundary control as a server of its own',
    load: () => import('./commands/control.ts'),
  },
  {
    name: 'setup',
    summary: 'first start: write a lane profile, make keys, sign the configuration',
    load: () => import('./commands/setup.ts'),
  },
  {
    name: 'officer',
    summary: 'add, list, close and open officers’ accounts',
    load: () => import('./commands/officer.ts'),
  },
  {
    name: 'enrol',
    summary: 'enrol and withdraw travellers, and seal them for the port’s lanes',
    load: () => import('./commands/enrol.ts'),
  },
  {
    name: 'upgrade',
    summary: 'say whether a package may be installed over this one',
    load: () => import('./commands/upgrade.ts'),
  },
  { name: 'diag', summary: 'test a lane and report whether it is ready', load: () => import('./commands/diag.ts') },
  {
    name: 'hub',
    summary: 'run the port hub, and publish documents to its lanes',
    load: () => import('./commands/hub.ts'),
  },
  { name: 'demo', summary: 'play travellers through a simulated lane', load: () => import('./commands/demo.ts') },
  {
    name: 'simulate',
    summary: 'run one simulated device on a pseudo-terminal',
    load: () => import('./commands/simulate.ts'),
  },
];
