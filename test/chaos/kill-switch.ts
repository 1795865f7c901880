import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/**
 * `kill -9` of this process at a journal step: the n-th write that it asks of its record, counted from now on. `before`: nothing
 * is written. `during`: the write is under way, `delayUs` microseconds old. `after`: it is durable, and nobody in the process
 * has heard so.
 */
export interface KillPlan {
  readonly step: number;
  readonly phase: 'before' | 'during' | 'after';
  readonly delayUs: number;
}

const WRITES = new Set([
  'beginLife',
  'open',
  'append',
  'commit',
  'end',
  'audit',
  'noticeDelivered',
  'noticeFailed',
  'noticeRefused',
  'checkpoint',
  'keepMaterial',
]);

interface Request {
  readonly id: number;
  readonly op: string;
  readonly args: readonly unknown[];
  readonly nowMs: number;
}

let plan: KillPlan | null = null;
let seen = 0;

export function armKill(next: KillPlan | null): void {
  plan = next;
  seen = 0;
}

/** Listens to what goes to the record's thread; to be called once, before the lane opens. */
export function installKillSwitch(): void {
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest: never[]): void {
    const write = isRequest(message) && WRITES.has(message.op) ? message : null;
    if (write !== null) seen += 1;
    if (write === null || plan === null || seen !== plan.step) {
      post.call(this, message, ...rest);
      return;
    }
    const name = nameOf(write);
    if (plan.phase === 'before') die(name);
    if (plan.phase === 'after') {
      this.prependListener('message', (reply: { readonly id?: number }) => {
        if (reply.id === write.id) die(name);
      });
    }
    post.call(this, message, ...rest);
    if (plan.phase === 'during') {
      const until = performance.now() + plan.delayUs / 1_000;
      // The record's thread works on while this one stands still.
      while (performance.now() < until);
      die(name);
    }
  };
}

function isRequest(message: unknown): message is Request {
  return typeof message === 'object' && message !== null && 'op' in message && 'nowMs' in message && 'args' in message;
}

/** `append answered exit`, `end voided`, `audit travellerEntered`. */
function nameOf({ op, args }: Request): string {
  const value = args.find((arg) => typeof arg === 'object' && arg !== null) as Record<string, unknown> | undefined;
  const word = op === 'audit' ? value?.event : op === 'append' || op === 'end' ? value?.type : '';
  return `${op} ${typeof word === 'string' ? word : ''}`.trim();
}

function die(step: string): never {
  writeSync(1, `killed ${plan?.phase} ${step}\n`);
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}
