/**
 * Runs tasks of one name one after the other, tasks of different names at once. Writers of one chain would otherwise
 * only make each other start again. A failed task does not stop the ones behind it.
 */
export function exclusiveByName(): <T>(name: string, task: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return (name, task) => {
    const run = (tails.get(name) ?? Promise.resolve()).then(task, task);
    const tail = run.catch(() => undefined);
    tails.set(name, tail);
    void tail.then(() => {
      if (tails.get(name) === tail) tails.delete(name);
    });
    return run;
  };
}
