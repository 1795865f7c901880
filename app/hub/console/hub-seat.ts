import { cardOf } from '../../contract/lane-card.ts';
import type { Eyes, Officer } from '../../contract/officer-account.ts';
import type { ConsoleReply, ConsoleRequest, ConsoleUpdate, LaneCard } from '../../contract/supervisor-console.ts';
import { DONE, OfficerSeat, type Proofs, refused } from '../../officers/officer-seat.ts';
import type { Officers } from '../../officers/officers.ts';
import { permissionFor } from '../../officers/permissions.ts';
import type { Session } from '../../officers/sessions.ts';
import type { LaneActions } from '../feed/lane-actions.ts';
import type { FeedEvent, LaneViews } from '../feed/lane-views.ts';

/** Searches, charts and the audit log over the port's record. */
export type PortQueries = (
  request: Extract<ConsoleRequest, { type: 'search' | 'charts' | 'audit' }>,
  officer: string,
) => Promise<ConsoleReply>;

export interface SeatParts {
  readonly officers: Officers;
  readonly views: Pick<LaneViews, 'all' | 'one' | 'isConnected'>;
  readonly actions: Pick<LaneActions, 'ask'>;
  readonly queries: PortQueries;
}

/**
 * One console in a browser: its session, the lanes it is shown, and what it asks. The lane has the last word on every act,
 * as for its own window; here it is asked who acts, and whether that officer may do such a thing at all.
 */
export class HubSeat {
  readonly #parts: SeatParts;
  readonly #seat: OfficerSeat;
  readonly #streams = new Set<(update: ConsoleUpdate) => void>();
  #focus: string | null = null;

  constructor(parts: SeatParts) {
    this.#parts = parts;
    this.#seat = new OfficerSeat({
      officers: parts.officers,
      after: (delayMs, callback) => {
        const timer = setTimeout(callback, delayMs).unref();
        return () => clearTimeout(timer);
      },
      lookAs: null,
      onSignedIn: () => {
        this.#focus = null;
      },
      onChanged: () => this.#tellAll(),
    });
  }

  /** Nobody looks and nobody is signed in: it may be forgotten. */
  get empty(): boolean {
    return this.#streams.size === 0 && this.#seat.empty;
  }

  /** The session that may act now, for requests that are no console's (documents). */
  acting(): Promise<{ readonly session: Session; readonly fresh: boolean } | null> {
    return this.#seat.acting();
  }

  /** One authentication is for one action. */
  spend(): void {
    this.#seat.spend();
  }

  /** Gives the way to stop. Everything that stands now is sent first. */
  open(send: (update: ConsoleUpdate) => void): () => void {
    this.#streams.add(send);
    void this.#tellAll();
    return () => void this.#streams.delete(send);
  }

  /** A lane has something new to show; an empty name: any may. */
  async changed(laneId: string): Promise<void> {
    const { eyes } = this.#seat;
    if (eyes === null || this.#streams.size === 0) return;
    if (laneId === '') return this.#tellLanes(eyes);
    const event = await this.#parts.views.one(laneId, eyes);
    if (event === null || this.#seat.eyes !== eyes) return;
    this.#send({ type: 'cards', complete: false, cards: cardsOf([event]) });
    if (laneId === this.#focus && event.view !== null) this.#send({ type: 'lane', view: event.view });
  }

  async handle(request: ConsoleRequest): Promise<ConsoleReply> {
    switch (request.type) {
      case 'hello':
        await this.#tellAll();
        return DONE;
      case 'focus':
        return this.#seat.signedIn(null, () => this.#look(request.laneId));
      case 'act':
        return this.#seat.signedIn(permissionFor(request.action), (session) => this.#act(session, request));
      case 'pictures':
        return this.#seat.signedIn('resolve', (session) => this.#pictures(session, request));
      case 'search':
      case 'charts':
      case 'audit':
        return this.#seat.signedIn(request.type, ({ officer }) => this.#parts.queries(request, officer));
      default:
        return this.#seat.handle(request);
    }
  }

  async #look(laneId: string): Promise<ConsoleReply> {
    const { eyes } = this.#seat;
    const event = eyes === null ? null : await this.#parts.views.one(laneId, eyes);
    // Who looks may be another one by now.
    if (event === null || this.#seat.eyes !== eyes) return refused('unknownLane');
    this.#focus = laneId;
    if (event.view !== null) this.#send({ type: 'lane', view: event.view });
    return DONE;
  }

  async #act(session: Session, { laneId, action }: Extract<ConsoleRequest, { type: 'act' }>): Promise<ConsoleReply> {
    const subject = 'recordId' in action ? action.recordId : '';
    const reply = await this.#askLane(session, laneId, { type: 'act', action }, () => this.#seat.proofs(action));
    if (reply.ok && subject !== '') this.spend();
    return reply;
  }

  #pictures(
    session: Session,
    { laneId, recordId }: Extract<ConsoleRequest, { type: 'pictures' }>,
  ): Promise<ConsoleReply> {
    return this.#askLane(session, laneId, { type: 'pictures', recordId }, () => ({
      second: this.#seat.second(recordId),
    }));
  }

  async #askLane(
    { officer, role, authority }: Session,
    laneId: string,
    request: Parameters<LaneActions['ask']>[1]['request'],
    proofs: () => Proofs,
  ): Promise<ConsoleReply> {
    if (!(await this.#parts.views.isConnected(laneId))) return refused('laneAway');
    // Not as whom they look at it: which side is theirs, the lane says, which may lead the other way since.
    const by: Officer = { officer, role, authority };
    return this.#parts.actions.ask(laneId, { by, ...proofs(), request });
  }

  async #tellAll(): Promise<void> {
    this.#send({ type: 'session', session: await this.#seat.session() });
    this.#seat.watch();
    const { eyes } = this.#seat;
    if (eyes !== null) await this.#tellLanes(eyes);
  }

  async #tellLanes(eyes: Eyes): Promise<void> {
    try {
      const events = await this.#parts.views.all(eyes);
      if (this.#seat.eyes !== eyes) return;
      this.#send({ type: 'cards', complete: true, cards: cardsOf(events) });
      const view = events.find(({ laneId }) => laneId === this.#focus)?.view ?? null;
      if (view !== null) this.#send({ type: 'lane', view });
      this.#send({ type: 'connection', connected: true });
    } catch {
      // The database does not answer: what stands on the screen is old, and says so.
      this.#send({ type: 'connection', connected: false });
    }
  }

  #send(update: ConsoleUpdate): void {
    for (const send of this.#streams) send(update);
  }
}

function cardsOf(events: readonly FeedEvent[]): LaneCard[] {
  return events.flatMap(({ view, connected }) => (view === null ? [] : [cardOf(view, connected)]));
}
