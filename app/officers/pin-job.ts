/**
 * Cost of one PIN: argon2id (RFC 9106 §4, the second recommended choice: 64 MiB, 3 passes) with one lane instead of four,
 * because WebAssembly has one thread; about 0.3 s on a lane computer. Six digits alone would fall in days to whoever has the
 * file, so the hash is also keyed with a secret that lies in another file (the `secret` of RFC 9106 §3.1).
 */
export const PIN_COST = { memorySize: 65_536, iterations: 3, parallelism: 1, hashLength: 32 } as const;
export const SALT_BYTES = 16;

export type PinJob =
  | { readonly type: 'hash'; readonly pin: string; readonly salt: Uint8Array; readonly secret: Uint8Array }
  | { readonly type: 'verify'; readonly pin: string; readonly hash: string; readonly secret: Uint8Array };

export type PinResult = { readonly hash: string } | { readonly matches: boolean };
