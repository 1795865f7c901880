import type { z } from 'zod';
import {
  documentListSchema,
  type HubDocument,
  type HubDocumentHead,
  hubDocumentSchema,
  LANE_PATHS,
  type LaneAction,
  type LaneActions,
  laneActionsSchema,
} from '../../contract/hub-protocol.ts';
import type { Result } from '../../contract/result.ts';
import { type ConsoleReply, consoleError } from '../../contract/supervisor-console.ts';
import type { SupervisorView } from '../../contract/supervisor-view.ts';
import type { HubAnswer, HubCallError, HubClient } from '../../record/remote/hub-client.ts';
import type { Clock } from '../clock.ts';

export interface HubLinkOptions {
  readonly client: HubClient;
  readonly clock: Clock;
  /** Of an officer at a hub's console. Checked and answered as one of the lane's own window. */
  readonly onAction: (action: LaneAction) => Promise<ConsoleReply>;
  /** A document of the port in a version this lane has not seen. Called again for it when it gives false. */
  readonly onDocument: (document: HubDocument) => Promise<boolean>;
  /** Which documents this lane wants. */
  readonly wants: (head: HubDocumentHead) => boolean;
  /** No hub has answered. */
  readonly onUnheard: () => void;
  /** Milliseconds: the shortest time between two views, the wait of one poll, the time between two looks for documents. */
  readonly viewMs?: number;
  /** A hub may have lost the views: they are sent again after so long, though nothing has changed. */
  readonly repeatMs?: number;
  readonly pollMs?: number;
  readonly documentsMs?: number;
  readonly retryMs?: number;
}

const VIEW_MS = 250;
const REPEAT_MS = 30_000;
const POLL_MS = 20_000;
const DOCUMENTS_MS = 30_000;
const RETRY_MS = 1_000;
const ANSWER_MS = 5_000;

/**
 * The lane's side of the hub's live feed: shows its views, takes officers' actions, fetches the port's documents. None of it
 * stops a crossing: when no hub answers it is tried again, and only the newest view is worth sending.
 */
export class HubLink {
  readonly #options: HubLinkOptions;
  readonly #views = new Map<SupervisorView['viewer'], SupervisorView>();
  readonly #seen = new Map<string, number>();
  readonly #waits = new Set<() => void>();
  #dirty = false;
  #wakeSender: () => void = () => undefined;
  #closed = false;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(options: HubLinkOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loops = Promise.all([this.#sendViews(), this.#takeActions(), this.#fetchDocuments()]);
  }

  /** The newest view of one viewer; an older one that has not been sent yet is forgotten. */
  show(view: SupervisorView): void {
    this.#views.set(view.viewer, view);
    this.#dirty = true;
    this.#wakeSender();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wakeSender();
    for (const wake of this.#waits) wake();
    // Long polls end with the client's connections.
    this.#options.client.close();
    await this.#loops;
  }

  async #sendViews(): Promise<void> {
    const { viewMs = VIEW_MS, retryMs = RETRY_MS } = this.#options;
    while (!this.#closed) {
      if (!this.#dirty) {
        await this.#news();
        continue;
      }
      this.#dirty = false;
      const views = [...this.#views.values()];
      const sent = await this.#call('PUT', LANE_PATHS.views, { views }, null);
      if (!sent.ok) this.#dirty = true;
      await this.#pause(sent.ok ? viewMs : retryMs);
    }
  }

  /** Until there is something to send. */
  #news(): Promise<void> {
    const { clock, repeatMs = REPEAT_MS } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.after(repeatMs, () => {
        this.#dirty = this.#views.size > 0;
        resolve();
      });
      this.#wakeSender = () => {
        cancel();
        resolve();
      };
    });
  }

  async #takeActions(): Promise<void> {
    const { pollMs = POLL_MS, retryMs = RETRY_MS, onAction } = this.#options;
    let after: number | null = null;
    while (!this.#closed) {
      const query: string = after === null ? '' : `?after=${after}&waitMs=${pollMs}`;
      const found: Result<HubAnswer<LaneActions>, HubCallError> = await this.#call(
        'GET',
        `${LANE_PATHS.actions}${query}`,
        null,
        laneActionsSchema,
        pollMs + ANSWER_MS,
      );
      if (!found.ok || found.value.value === null) {
        await this.#pause(retryMs);
        continue;
      }
      after = found.value.value.next;
      // Side by side: one that waits for a door must not hold up the next officer.
      for (const action of found.value.value.actions) void this.#act(action, onAction);
    }
  }

  async #act(action: LaneAction, onAction: HubLinkOptions['onAction']): Promise<void> {
    const reply = await onAction(action).catch(
      (): ConsoleReply => ({ ok: false, error: consoleError('notPossibleNow') }),
    );
    await this.#call('POST', LANE_PATHS.actionReply.replace(':actionId', `${action.id}`), { reply }, null);
  }

  async #fetchDocuments(): Promise<void> {
    const { documentsMs = DOCUMENTS_MS, retryMs = RETRY_MS } = this.#options;
    while (!this.#closed) await this.#pause((await this.#look()) ? documentsMs : retryMs);
  }

  async #look(): Promise<boolean> {
    const list = await this.#call('GET', LANE_PATHS.documents, null, documentListSchema);
    if (!list.ok || list.value.value === null) return false;
    let whole = true;
    for (const head of list.value.value.documents) {
      const name = `${head.kind} ${head.name}`;
      if (!this.#options.wants(head) || this.#seen.get(name) === head.version || this.#closed) continue;
      const path = LANE_PATHS.document.replace(':kind', head.kind).replace(':name', head.name);
      const found = await this.#call('GET', path, null, hubDocumentSchema);
      const document = found.ok ? found.value.value : null;
      if (document !== null && (await this.#options.onDocument(document))) this.#seen.set(name, document.version);
      else whole = false;
    }
    return whole;
  }

  async #call<T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: unknown,
    answer: z.ZodType<T> | null,
    timeoutMs = ANSWER_MS,
  ): Promise<Result<HubAnswer<T>, HubCallError>> {
    const { client, onUnheard } = this.#options;
    const answered = await client.call({ method, path, body, life: null, answer, timeoutMs });
    if (!answered.ok && answered.error.code === 'hubAway' && !this.#closed) onUnheard();
    return answered;
  }

  #pause(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#waits.delete(end);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, end);
      this.#waits.add(end);
    });
  }
}
