import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { type EmbeddedControl, openEmbeddedControl } from '../controls/embedded/embedded-control.ts';
import { parseRuleSet, type RuleSet } from '../controls/rules/rule-set.ts';
import type { Clock } from './clock.ts';
import type { LaneKeys, OpenLaneError } from './lane-keys.ts';
import type { LaneProfile } from './lane-profile.ts';

/** The two embedded controls of a lane, each with its own folder, keys and rules. */
export async function openLaneControls(
  profile: LaneProfile,
  keys: LaneKeys['controls'],
  clock: Clock,
): Promise<Result<Record<Side, EmbeddedControl>, OpenLaneError>> {
  const open = async (side: Side): Promise<Result<EmbeddedControl, OpenLaneError>> => {
    const rules = readRules(profile.controls[side].rules);
    if (!rules.ok) return rules;
    const { signingKey, sealTo, secret } = keys[side];
    const opened = await openEmbeddedControl({
      side,
      dataDir: join(profile.dataFolder, side),
      rules: rules.value,
      signingKey,
      sealTo,
      secret,
      clock,
    });
    return opened.ok ? opened : err({ code: opened.error.code, detail: `${side} control` });
  };
  const [exit, entry] = [await open('exit'), await open('entry')];
  if (!exit.ok) return exit;
  if (!entry.ok) return entry;
  return ok({ exit: exit.value, entry: entry.value });
}

function readRules(path: string): Result<RuleSet, OpenLaneError> {
  try {
    const rules = parseRuleSet(JSON.parse(readFileSync(path, 'utf8')));
    return rules.ok ? rules : err({ code: 'rulesInvalid', detail: path });
  } catch (cause) {
    return err({
      code: 'rulesUnreadable',
      detail: `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    });
  }
}
