/** PINs that everybody tries first: one digit over and over, runs, a short pattern repeated, years twice. */
export function isTooSimple(pin: string): boolean {
  const digits = [...pin].map(Number);
  const steps = digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10);
  const oneStep = steps.every((step) => step === steps[0]) && [0, 1, 9].includes(steps[0] ?? 0);
  const repeated = [1, 2, 3].some((length) => pin.length % length === 0 && isRepeated(pin, length));
  return oneStep || repeated;
}

function isRepeated(pin: string, length: number): boolean {
  return pin === pin.slice(0, length).repeat(pin.length / length);
}
