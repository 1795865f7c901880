import type { LeavingAction, RecordState } from '../contract/crossing.ts';
import type { Control } from '../controls/control.ts';
import { type CastMember, castMember } from './cast.ts';
import { liveFaceOf } from './scenes.ts';
import type { Scene } from './specimens/specimens.ts';
import type { Gait } from './walker.ts';

/** One story that the demo lane can play. Everything in it happens at the far end of a wire, or in front of the camera. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** Who comes, the nth time from 0. */
  readonly member: (n: number) => CastMember;
  /** Who or what stands before the camera; null: the holder of the document. */
  readonly scene: Scene | null;
  readonly gait: Gait;
  /** What an officer does with a traveller who is held. */
  readonly officer: LeavingAction;
  readonly expected: RecordState | 'unrecorded';
  /** With it: the referral, abandon or void code, or the side that refused; null for a passage. */
  readonly code: string | null;
  readonly delays: Readonly<Record<string, number>>;
  /** The document is presented once before, and its referral is left open. */
  readonly presentedBefore: boolean;
  readonly entryControl: ((control: Control) => Control) | null;
  /** The lane has a chip reader, and documents with a chip lie on it. */
  readonly chip: boolean;
}

const PLAIN = {
  scene: null,
  gait: 'walksOn',
  officer: 'handedToManualLane',
  delays: {},
  presentedBefore: false,
  entryControl: null,
  chip: false,
} as const;
const always = (id: string) => (): CastMember => castMember(id);
const WITH_CHIP = ['eriksson', 'stevenson'] as const;
const CLEARED = ['eriksson', 'stevenson', 'zhengjian'] as const;

export const SCENARIOS: readonly Scenario[] = [
  {
    ...PLAIN,
    name: 'clear',
    summary: 'both controls clear, the traveller passes',
    member: (n) => castMember(CLEARED[n % CLEARED.length] ?? 'eriksson'),
    expected: 'passed',
    code: null,
  },
  {
    ...PLAIN,
    name: 'clear-chip',
    summary: 'the chip is read and proved on the way, both controls clear, the traveller passes',
    member: (n) => castMember(WITH_CHIP[n % WITH_CHIP.length] ?? 'eriksson'),
    expected: 'passed',
    code: null,
    chip: true,
  },
  {
    ...PLAIN,
    name: 'tampered-chip',
    summary: 'another portrait was put into the chip; its hash gives it away',
    member: always('tina'),
    expected: 'referred',
    code: 'documentCheckFailed',
    chip: true,
  },
  {
    ...PLAIN,
    name: 'cloned-chip',
    summary: 'a copy of a genuine chip that cannot prove itself',
    member: always('clara'),
    expected: 'referred',
    code: 'documentCheckFailed',
    chip: true,
  },
  {
    ...PLAIN,
    name: 'exit-refuses',
    summary: 'the exit control refuses; door 2 never opens',
    member: always('marta'),
    expected: 'refused',
    code: 'exit',
  },
  {
    ...PLAIN,
    name: 'entry-refuses',
    summary: 'the entry control refuses after the exit control cleared; nothing is recorded on either side',
    member: always('noor'),
    officer: 'sentBack',
    expected: 'refused',
    code: 'entry',
  },
  {
    ...PLAIN,
    name: 'watchlist',
    summary: 'a silent watchlist hit of the entry control asks for an officer',
    member: always('ines'),
    expected: 'referred',
    code: 'entryControlReferred',
  },
  {
    ...PLAIN,
    name: 'impostor',
    summary: 'somebody else presents the document',
    member: always('stevenson'),
    scene: { kind: 'person', face: liveFaceOf('p10') },
    expected: 'referred',
    code: 'faceNotMatched',
  },
  {
    ...PLAIN,
    name: 'spoof',
    summary: 'a printed portrait is held before the camera',
    member: always('stevenson'),
    scene: { kind: 'printedPhoto', face: liveFaceOf('p03') },
    expected: 'referred',
    code: 'spoofSuspected',
  },
  {
    ...PLAIN,
    name: 'duplicate',
    summary: 'a document that is in a live crossing is presented again',
    member: always('olga'),
    presentedBefore: true,
    expected: 'unrecorded',
    code: 'duplicateDocument',
  },
  {
    ...PLAIN,
    name: 'tailgating',
    summary: 'two people enter on one release',
    member: always('stevenson'),
    gait: 'tailgated',
    expected: 'referred',
    code: 'tailgating',
  },
  {
    ...PLAIN,
    name: 'control-timeout',
    summary: 'the entry control does not answer in time',
    member: always('stevenson'),
    delays: { controlDeadline: 800 },
    entryControl: silent,
    expected: 'referred',
    code: 'controlUnreachable',
  },
  {
    ...PLAIN,
    name: 'walks-back',
    summary: 'the traveller does not go through the last door; both sides are voided',
    member: always('stevenson'),
    gait: 'staysBeforeLast',
    delays: { passTimeout: 1_500 },
    expected: 'voided',
    code: 'didNotPass',
  },
  {
    ...PLAIN,
    name: 'expired',
    summary: 'the document has expired',
    member: always('olga'),
    expected: 'referred',
    code: 'documentCheckFailed',
  },
];

export function scenarioCalled(name: string): Scenario | null {
  return SCENARIOS.find((scenario) => scenario.name === name) ?? null;
}

/** A control that is reached and says nothing: what a network that swallows packets makes of any control. */
function silent(control: Control): Control {
  return {
    side: control.side,
    prepare: (_request, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () =>
          resolve({ ok: false, error: { code: 'controlUnreachable', side: control.side, detail: 'silent' } }),
        );
      }),
    notify: (notice, key, signal) => control.notify(notice, key, signal),
    keys: () => control.keys(),
    close: () => control.close(),
  };
}
