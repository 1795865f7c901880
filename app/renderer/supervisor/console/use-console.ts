import { createContext, useCallback, useContext, useEffect, useReducer, useState } from 'react';
import { z } from 'zod';
import {
  type ConsoleError,
  type ConsoleReply,
  type ConsoleRequest,
  consoleError,
  consoleReplySchema,
  consoleUpdateSchema,
} from '../../../contract/supervisor-console.ts';
import type { SupervisorApi } from '../../../contract/window-api.ts';
import { CardStore } from './card-store.ts';
import { type ConsoleEvent, type ConsoleState, EMPTY_CONSOLE, nextConsole } from './console-state.ts';

// The content security policy forbids eval; zod then must not even try to compile its parsers.
z.config({ jitless: true });

export type Ask = (request: ConsoleRequest) => Promise<ConsoleReply>;

export interface Console {
  readonly state: ConsoleState;
  readonly cards: CardStore;
  readonly ask: Ask;
  readonly tell: (event: ConsoleEvent) => void;
}

const told = (state: ConsoleState, { event, atMs }: { readonly event: ConsoleEvent; readonly atMs: number }) =>
  nextConsole(state, event, atMs);

/** Updates and replies, both checked by their schema; what does not match is a bug on the other side and is reported. */
export function useConsole(api: SupervisorApi): Console {
  const [state, dispatch] = useReducer(told, EMPTY_CONSOLE);
  const tell = useCallback((event: ConsoleEvent) => dispatch({ event, atMs: Date.now() }), []);
  const [cards] = useState(() => new CardStore());
  const ask = useCallback<Ask>(
    async (request) => {
      const reply = consoleReplySchema.safeParse(await api.ask(request));
      if (reply.success) return reply.data;
      reportError(new Error(`a reply does not match its schema: ${z.prettifyError(reply.error)}`));
      return { ok: false, error: consoleError('requestInvalid') };
    },
    [api],
  );
  useEffect(() => {
    const stop = api.onUpdate((received) => {
      const update = consoleUpdateSchema.safeParse(received);
      if (!update.success) {
        reportError(new Error(`an update does not match its schema: ${z.prettifyError(update.error)}`));
        return;
      }
      if (update.data.type === 'cards') {
        cards.apply(update.data.cards, update.data.complete);
        return;
      }
      // Whoever signs in next gets their own; what the last officer could see is gone at once.
      if (update.data.type === 'session') cards.clear();
      tell(update.data);
      // A lane that is back knows nobody any more: everything is asked for anew.
      if (update.data.type === 'connection' && update.data.connected) void ask({ type: 'hello' });
    });
    void ask({ type: 'hello' });
    return stop;
  }, [api, ask, cards, tell]);
  return { state, cards, ask, tell };
}

/** Shows what came of a request: an error as a sentence, for some seconds. */
export interface Said {
  readonly error: ConsoleError | null;
  readonly done: string | null;
}

export const ConsoleContext = createContext<{
  readonly ask: Ask;
  readonly cards: CardStore;
  readonly say: (said: Said) => void;
  readonly saveText: SupervisorApi['saveText'];
} | null>(null);

export function useConsoleContext() {
  const context = useContext(ConsoleContext);
  if (context === null) throw new Error('a part of the console is used outside of it');
  return context;
}
