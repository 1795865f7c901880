/** A chip card: one command APDU in, one response APDU out. The card in a simulated field, whoever carries the bytes. */
export interface CardSimulator {
  transmit(command: Uint8Array): Promise<Uint8Array>;
  /** The field came up: sessions and selections of before are forgotten. */
  reset?(): void;
}
