import { expect, test } from 'vitest';
import { TRAVELLER_STEPS, type TravellerStep } from '../contract/traveller-view.ts';
import { type LampInput, laneLamp } from './lane-lamp.ts';

const shown = (step: TravellerStep, more: Partial<LampInput> = {}) =>
  laneLamp({ step, doorOpen: false, warned: false, ...more });
const stepsThat = (holds: (step: TravellerStep) => boolean): readonly TravellerStep[] => TRAVELLER_STEPS.filter(holds);

test('green only where the traveller goes on and a door is open to them', () => {
  expect(stepsThat((step) => shown(step).lamp === 'green')).toEqual([]);
  expect(stepsThat((step) => shown(step, { doorOpen: true }).lamp === 'green')).toEqual([
    'walkIn',
    'walkOn',
    'goThrough',
  ]);
});

test('red wherever nobody goes on', () => {
  expect(stepsThat((step) => shown(step, { doorOpen: true }).lamp === 'red')).toEqual([
    'starting',
    'stepBack',
    'seeOfficer',
    'outOfService',
    'emergency',
  ]);
});

test('dark only while the lane waits for a traveller', () => {
  expect(stepsThat((step) => shown(step).lamp === 'off')).toEqual(['attract', 'thankYou']);
});

test('a warning blinks, whatever its colour', () => {
  expect(shown('goThrough', { doorOpen: true, warned: true })).toEqual({ lamp: 'green', blinks: true });
  expect(shown('lookHere', { warned: true })).toEqual({ lamp: 'amber', blinks: true });
});
