import type { Found } from '../checks/timed.ts';
import type { HeavyFrame } from './heavy-frame.ts';

/** Looks that take seconds of work: done in a thread of their own, so that the lane goes on hearing its devices. */
export type HeavyTask =
  | { readonly task: 'models'; readonly modelRoot: string }
  | { readonly task: 'database'; readonly path: string }
  | { readonly task: 'journal'; readonly path: string }
  | { readonly task: 'pad'; readonly modelRoot: string; readonly frames: readonly HeavyFrame[] };

/** How a heavy task is done: in a worker by the lane, at once by the command line. */
export type RunHeavy = (task: HeavyTask) => Promise<Found>;

/** Loads only what the task needs. */
export const runHeavyHere: RunHeavy = async (task) => {
  switch (task.task) {
    case 'models':
      return (await import('../checks/models.ts')).checkModels(task.modelRoot);
    case 'pad':
      return (await import('../checks/pad-sample.ts')).judgeSample(task.modelRoot, task.frames);
    case 'database':
      return (await import('../checks/databases.ts')).checkDatabase(task.path);
    case 'journal':
      return (await import('../checks/databases.ts')).checkJournal(task.path);
  }
};
