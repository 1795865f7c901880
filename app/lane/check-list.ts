import type { Check } from '../contract/crossing.ts';
import { inOrder } from './evidence.ts';

/** The checks of one crossing as they come in; of each the newest counts. */
export class CheckList {
  #checks: readonly Check[];

  constructor(checks: readonly Check[]) {
    this.#checks = checks;
  }

  add(...checks: readonly Check[]): void {
    this.#checks = [...this.#checks, ...checks];
  }

  /** In the registry's order, one line a check. */
  get all(): readonly Check[] {
    return inOrder(this.#checks);
  }
}
