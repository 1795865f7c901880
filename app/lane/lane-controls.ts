import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SIDES, type Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import type { Control, ControlKey } from '../controls/control.ts';
import { type EmbeddedControl, openEmbeddedControl } from '../controls/embedded/embedded-control.ts';
import type { ControlAlarm } from '../controls/embedded/engine.ts';
import { openRemoteControl } from '../controls/remote/remote-control.ts';
import { parseRuleSet, type RuleSet } from '../controls/rules/rule-set.ts';
import type { Clock } from './clock.ts';
import type { LaneKeys, OpenLaneError } from './lane-keys.ts';
import type { LaneProfile } from './lane-profile.ts';
import { readTls } from './network-setting.ts';

export interface LaneControl {
  readonly control: Control;
  /** Null: the control is on the network, with its data and its keys. */
  readonly embedded: EmbeddedControl | null;
}

/** The two controls of a lane: embedded, each with its own folder, keys and rules, or on the network. */
export async function openLaneControls(
  profile: LaneProfile,
  keys: LaneKeys['controls'],
  clock: Clock,
  onAlarm: (alarm: ControlAlarm) => void = () => undefined,
  /** What receipts are signed with; may grow while the controls are open. Left out: they are not checked (seeding only). */
  laneKeys?: readonly ControlKey[],
): Promise<Result<Record<Side, LaneControl>, OpenLaneError>> {
  const open = async (side: Side): Promise<Result<LaneControl, OpenLaneError>> => {
    const setting = profile.controls[side];
    if (setting.kind === 'remote') {
      const tls = readTls(setting.tls);
      if (!tls.ok) return tls;
      return ok({ control: openRemoteControl({ side, url: setting.url, tls: tls.value, clock }), embedded: null });
    }
    const rules = readRules(setting.rules);
    if (!rules.ok) return rules;
    const { signingKey, sealTo, secret } = keys[side];
    const dataDir = join(profile.dataFolder, side);
    const opened = await openEmbeddedControl({
      side,
      dataDir,
      rules: rules.value,
      signingKey,
      sealTo,
      secret,
      clock,
      onAlarm,
      ...(laneKeys === undefined ? {} : { laneKeys }),
    });
    if (!opened.ok) return err({ code: opened.error.code, detail: `${side} control` });
    return ok({ control: opened.value, embedded: opened.value });
  };
  const [exit, entry] = [await open('exit'), await open('entry')];
  if (!exit.ok) return exit;
  if (!entry.ok) return entry;
  return ok({ exit: exit.value, entry: entry.value });
}

/** Those of a lane's controls that keep their data here. */
export function embeddedOf(controls: Readonly<Record<Side, LaneControl>>): readonly EmbeddedControl[] {
  return SIDES.flatMap((side) => controls[side].embedded ?? []);
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
