import type { Topology } from '../../contract/crossing.ts';
import type { CrossingDelays } from './delays.ts';
import type { CrossingEnding } from './effects.ts';
import type { AnswerState, Place } from './facts.ts';

export interface CrossingInput {
  readonly topology: Topology;
  readonly delays: CrossingDelays;
  /** Released by officers: the traveller stands here already, identified and looked at. Left out: they come from outside. */
  readonly resumesAt?: Extract<Place, 'chamberA' | 'chamberB'>;
}

export interface Answers {
  readonly exit: AnswerState;
  readonly entry: AnswerState;
}

export interface CrossingContext {
  readonly topology: Topology;
  readonly delays: CrossingDelays;
  readonly place: Place;
  readonly resumed: boolean;
  /** Since the end somebody else has come in: who is meant by a release can't be told any more. */
  readonly joined: boolean;
  readonly answers: Answers;
  readonly ending: CrossingEnding | null;
  /** Heard while the record was being opened: how it ends as soon as there is one to end. */
  readonly trouble: CrossingEnding | null;
  /** Stations of the track that the traveller has really reached, 0..5: kept when the crossing ends otherwise. */
  readonly stations: number;
  /** Times the traveller asked for more time. */
  readonly extensions: number;
  readonly unrecorded: boolean;
  /** The record's end could not be written: recovery has to end it. */
  readonly unwritten: boolean;
}

export interface CrossingOutput {
  /** No record of this attempt was opened, or none is known of. */
  readonly unrecorded: boolean;
  readonly ending: CrossingEnding | null;
  readonly place: Place;
  readonly unwritten: boolean;
}
