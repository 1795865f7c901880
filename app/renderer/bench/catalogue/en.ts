import type { BenchAction, BenchView } from '../../../contract/bench-messages.ts';

type Garbage = Extract<BenchAction, { type: 'presentGarbage' }>['kind'];
type Device = BenchView['unplugged'][number];
type Texts<Key extends string> = Readonly<Record<Key, string>>;

export type BenchCatalogue = {
  readonly title: string;
  readonly subtitle: string;
  readonly notYet: string;
  readonly documents: Texts<'title' | 'help' | 'present' | 'passport' | 'card' | 'permit'>;
  readonly people: Texts<'title' | 'help' | 'nobody'>;
  readonly lane: Texts<'title' | 'door' | 'open' | 'shut' | 'walkIn' | 'walkBack' | 'tailgate' | 'lamp'>;
  readonly places: Texts<BenchView['place']>;
  readonly lamps: Texts<BenchView['doors'][number]['lamp']>;
  readonly walksByItself: Texts<'title' | 'on' | 'off'>;
  readonly faults: Texts<
    'title' | 'emergency' | 'emergencyHelp' | 'unplug' | 'replug' | 'garbage' | 'connected' | 'unplugged'
  >;
  readonly devices: Texts<Device>;
  readonly garbage: Texts<Garbage>;
  readonly log: Texts<'title' | 'none'>;
};

export const en: BenchCatalogue = {
  title: 'Demo bench',
  subtitle: 'Specimens and simulated devices. Nothing here is part of a real lane.',
  notYet: 'Waiting for the simulators.',
  documents: {
    title: 'Documents',
    help: 'Lay one on the reader',
    present: 'Lay on the reader',
    passport: 'Passport',
    card: 'Card',
    permit: 'Permit',
  },
  people: { title: 'Before the camera', help: 'Who stands there', nobody: 'no picture' },
  lane: {
    title: 'Lane',
    door: 'Door {{door}}',
    open: 'open',
    shut: 'shut',
    walkIn: 'Walk through',
    walkBack: 'Turn back',
    tailgate: 'Two at once',
    lamp: 'lamp {{lamp}}',
  },
  places: { outside: 'outside', chamberA: 'A', chamberB: 'B', through: 'through' },
  lamps: { off: 'off', red: 'red', green: 'green', amber: 'amber' },
  walksByItself: { title: 'Walks by itself', on: 'on: goes through each door that opens', off: 'off: you walk it' },
  faults: {
    title: 'What goes wrong',
    emergency: 'Emergency release',
    emergencyHelp: 'as the hardware button does',
    unplug: 'Unplug',
    replug: 'Plug in',
    garbage: 'The scanner sends',
    connected: 'connected',
    unplugged: 'unplugged',
  },
  devices: { scanner: 'Document scanner', laneController: 'Lane controller' },
  garbage: {
    cut: 'a cut line',
    doubled: 'a doubled line',
    nonAscii: 'bytes that are no text',
    endless: 'an endless line',
  },
  log: { title: 'Log', none: 'Nothing yet.' },
};
