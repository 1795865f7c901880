/** Runs calls one after the other in one transaction; gives each one's own outcome. Throws when nothing was written. */
export type Together = <T>(calls: readonly (() => T)[]) => readonly T[];

interface Waiting {
  run(): unknown;
  done(outcome: never): void;
  failed(cause: unknown): void;
}

/** So that the last one of a group waits milliseconds, not seconds. */
const MAX_GROUP = 32;

/**
 * Group commit for a control that many lanes ask: what comes in during one turn of the event loop is decided one after the
 * other and made durable by one flush of the file; nobody is answered before it. Alone, a call waits for nothing but the
 * turn's end. When a group as a whole fails, each of its calls is tried by itself: one cannot spoil the others'.
 */
export function grouped(together: Together): <T>(call: () => T) => Promise<T> {
  let waiting: Waiting[] = [];

  const flush = (): void => {
    const group = waiting.slice(0, MAX_GROUP);
    waiting = waiting.slice(MAX_GROUP);
    if (waiting.length > 0) setImmediate(flush);
    for (const settle of outcomes(group)) settle();
  };

  const outcomes = (group: readonly Waiting[]): readonly (() => void)[] => {
    if (group.length > 1) {
      try {
        const found = together(group.map(({ run }) => run));
        return group.map(
          ({ done }, index) =>
            () =>
              done(found[index] as never),
        );
      } catch {
        // Nothing of it was written: by itself each call says what is wrong.
      }
    }
    return group.map(({ run, done, failed }) => () => {
      try {
        done(run() as never);
      } catch (cause) {
        failed(cause);
      }
    });
  };

  return <T>(call: () => T) =>
    new Promise<T>((done, failed) => {
      waiting.push({ run: call, done, failed });
      if (waiting.length === 1) setImmediate(flush);
    });
}
