import { expect, test } from 'vitest';
import { isAttackByName, type PadSample, padRates } from './pad-rates.ts';

const sample = (file: string, liveness: number | null): PadSample => ({ file, attack: isAttackByName(file), liveness });

test('an attack taken for live and a live one taken for an attack are the errors; unsure is neither', () => {
  const samples = [
    sample('attack-1.jpg', 0.9),
    sample('attack-2.jpg', 0.3),
    sample('print-3.jpg', 0.01),
    sample('replay-4.jpg', null),
    sample('live-1.jpg', 0.95),
    sample('live-2.jpg', 0.1),
    sample('live-3.jpg', 0.4),
  ];
  const rates = padRates(samples, { liveFrom: 0.5, spoofBelow: 0.2 });
  expect(rates).toMatchObject({
    apcer: { errors: 1, trials: 4 },
    bpcer: { errors: 1, trials: 3 },
    unsureAttacks: 2,
    unsureLive: 1,
  });
});

test('three samples without an error say next to nothing, and the interval says so', () => {
  const rates = padRates([sample('live-1.jpg', 1), sample('attack-1.jpg', 0)], { liveFrom: 0.5, spoofBelow: 0.2 });
  expect(rates.apcer).toMatchObject({ value: 0, high: 1 });
  expect(rates.bpcer).toMatchObject({ value: 0, high: 1 });
});
