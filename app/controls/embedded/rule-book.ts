import { err, ok, type Result } from '../../contract/result.ts';
import { parseRuleSet, type RuleSet } from '../rules/rule-set.ts';
import type { ControlDatabase } from './database.ts';

export interface RuleChange {
  readonly version: string;
  readonly at: string;
  /** The administrator's account, or `file` for a rule set that came with the control's configuration. */
  readonly by: string;
}

export type RuleBookError =
  | { readonly code: 'ruleSetInvalid'; readonly problems: readonly string[] }
  | { readonly code: 'rulesOfOtherSide'; readonly found: string }
  /** This version is known with other contents: a decision must be able to name the rules it was made by. */
  | { readonly code: 'ruleVersionReused'; readonly version: string }
  | { readonly code: 'ruleVersionUnknown'; readonly version: string };

/** The rule sets a control has had, and which of them holds. Kept in its own file, so that every decision can be looked up. */
export interface RuleBook {
  /** The rules that hold now, also when another process has changed them. */
  current(): RuleSet;
  /** Takes a new version into force; one that was in force before may come back. Nothing changes when it holds already. */
  change(rules: unknown, by: string, atMs: number): Result<RuleSet, RuleBookError>;
  of(version: string): RuleSet | null;
  history(): readonly RuleChange[];
}

/** `given` is what the configuration says: it counts when its version is new, and is not put over what an administrator changed since. */
export function openRuleBook(database: ControlDatabase, given: RuleSet, atMs: number): Result<RuleBook, RuleBookError> {
  const book = createRuleBook(database, given.side);
  const known = book.of(given.version);
  if (known === null) {
    const changed = book.change(given, 'file', atMs);
    if (!changed.ok) return changed;
  } else if (JSON.stringify(known) !== JSON.stringify(given)) {
    return err({ code: 'ruleVersionReused', version: given.version });
  }
  return ok(book);
}

/** Over a file that has rules already: for an administrator's command beside the running control. */
export function createRuleBook(database: ControlDatabase, side: RuleSet['side']): RuleBook {
  const select = database.prepare<[string], string>('SELECT rules FROM rule_sets WHERE version = ?').pluck();
  const insert = database.prepare('INSERT INTO rule_sets (version, rules) VALUES (?, ?)');
  const note = database.prepare('INSERT INTO rule_changes (version, at_ms, changed_by) VALUES (?, ?, ?)');
  const latest = database.prepare<[], string>('SELECT version FROM rule_changes ORDER BY change DESC LIMIT 1').pluck();
  const changes = database.prepare<[], { version: string; at_ms: number; changed_by: string }>(
    'SELECT version, at_ms, changed_by FROM rule_changes ORDER BY change',
  );
  // Counts commits of other connections to the file: costs microseconds where reading the rules would cost far more.
  const dataVersion = database.prepare<[], number>('PRAGMA data_version').pluck();
  let seen = -1;
  let holds: RuleSet | null = null;

  const of = (version: string): RuleSet | null => {
    const text = select.get(version);
    if (text === undefined) return null;
    const read = parseRuleSet(JSON.parse(text));
    return read.ok ? read.value : null;
  };
  const current = (): RuleSet => {
    // Of a closed file the last rules: whatever is decided by them cannot be written, and so is not answered.
    if (!database.open && holds !== null) return holds;
    const now = dataVersion.get() ?? 0;
    if (holds === null || now !== seen) {
      const version = latest.get();
      const read = version === undefined ? null : holds?.version === version ? holds : of(version);
      // Written through this book only, and parsed before that.
      if (read === null) throw new Error('the control has no readable rules');
      holds = read;
      seen = now;
    }
    return holds;
  };

  return {
    current,
    of,
    history: () =>
      changes
        .all()
        .map(({ version, at_ms, changed_by }) => ({ version, at: new Date(at_ms).toISOString(), by: changed_by })),
    change(value, by, atMs) {
      const read = parseRuleSet(value);
      if (!read.ok) return read;
      const rules = read.value;
      if (rules.side !== side) return err({ code: 'rulesOfOtherSide', found: rules.side });
      return database
        .transaction((): Result<RuleSet, RuleBookError> => {
          const known = of(rules.version);
          if (known !== null && JSON.stringify(known) !== JSON.stringify(rules)) {
            return err({ code: 'ruleVersionReused', version: rules.version });
          }
          if (known === null) insert.run(rules.version, JSON.stringify(rules));
          if (latest.get() !== rules.version) note.run(rules.version, atMs, by);
          holds = rules;
          return ok(rules);
        })
        .immediate();
    },
  };
}
