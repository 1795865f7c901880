import { expect, test } from 'vitest';
import { err, ok } from '../../contract/result.ts';
import type { HubCallError, HubClient } from '../../record/remote/hub-client.ts';
import { HubLink } from './hub-link.ts';

// What the link says of a hub that does not answer; over a real hub in test/hub and test/integration.

function linkTo(error: HubCallError | null) {
  let unheard = 0;
  const asked: string[] = [];
  const client = {
    call: async ({ path }: { path: string }) => {
      asked.push(path);
      return error === null ? ok({ status: 200, value: null }) : err(error);
    },
    close: () => undefined,
  } as unknown as HubClient;
  const link = new HubLink({
    client,
    clock: { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined },
    wants: () => true,
    onDocument: async () => true,
    onAction: async () => ({ ok: true, value: { type: 'done' } }),
    onUnheard: () => {
      unheard += 1;
    },
  });
  return { link, asked, unheard: () => unheard };
}

test('an idle lane learns at its next poll that no hub answers', async () => {
  const { link, asked, unheard } = linkTo({ code: 'hubAway', detail: 'ECONNREFUSED', sent: false });
  link.start();
  await expect.poll(() => asked.length).toBeGreaterThanOrEqual(2);
  expect(unheard()).toBe(asked.length);
  await link.close();
});

test('a hub that answers is there, whatever it says', async () => {
  const { link, asked, unheard } = linkTo(null);
  link.start();
  await expect.poll(() => asked.length).toBeGreaterThanOrEqual(2);
  expect(unheard()).toBe(0);
  await link.close();
});
