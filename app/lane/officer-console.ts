import type { Direction } from '../contract/crossing.ts';
import { cardOf } from '../contract/lane-card.ts';
import type { ConsoleAnswer, ConsoleReply, ConsoleRequest, ConsoleUpdate } from '../contract/supervisor-console.ts';
import type { SupervisorAction, SupervisorView, Viewer } from '../contract/supervisor-view.ts';
import { DONE, OfficerSeat, type Proofs, refused } from '../officers/officer-seat.ts';
import type { Officers } from '../officers/officers.ts';
import { permissionFor, viewerOn } from '../officers/permissions.ts';
import type { Session } from '../officers/sessions.ts';
import { type ActingOfficer, actingAt } from './acting-officer.ts';
import type { Clock } from './clock.ts';
import type { OfficerActions } from './officer-actions.ts';
import { type ConsoleQueries, QUERY_PERMISSIONS } from './officer-queries.ts';

export interface OfficerConsoleOptions {
  readonly laneId: string;
  /** Where this lane leads, for as long as this process lives: a reversed lane is another one. */
  readonly direction: Direction;
  readonly officers: Officers;
  readonly actions: Pick<OfficerActions, 'act' | 'material'>;
  readonly queries: ConsoleQueries;
  readonly clock: Clock;
  /** The demonstration's switch: the account a viewer has without signing in, or null where there is no switch. */
  readonly lookAs: ((viewer: Viewer) => Promise<Session | null>) | null;
  readonly send: (update: ConsoleUpdate) => void;
}

/** One console at this lane: what it is shown, and what it asks. */
export class OfficerConsole {
  readonly #options: OfficerConsoleOptions;
  readonly #seat: OfficerSeat;
  readonly #views = new Map<Viewer, SupervisorView>();
  #shown = '';
  #closed = false;

  constructor(options: OfficerConsoleOptions) {
    this.#options = options;
    const { officers, clock, lookAs } = options;
    this.#seat = new OfficerSeat({
      officers,
      after: (delayMs, callback) => clock.after(delayMs, callback),
      lookAs,
      onSignedIn: () => undefined,
      onChanged: () => this.#tellSession(),
    });
  }

  /** The lane makes one view for each viewer; only the one of who is signed in goes on. */
  view(view: SupervisorView): void {
    this.#views.set(view.viewer, view);
    if (this.#viewer === view.viewer) this.#sendView(view);
  }

  async handle(request: ConsoleRequest): Promise<ConsoleReply> {
    const { laneId, queries } = this.#options;
    switch (request.type) {
      case 'hello':
        await this.#seat.lookFirst('portSupervisor');
        this.#shown = '';
        await this.#tellSession();
        return DONE;
      case 'focus':
        return this.#seat.signedIn(null, async () =>
          request.laneId === laneId ? this.#repeatView() : refused('unknownLane'),
        );
      case 'act':
        return this.#act(request.laneId, request.action);
      case 'pictures':
        return this.#pictures(request.laneId, request.recordId);
      case 'search':
      case 'charts':
      case 'audit':
        return this.#seat.signedIn(QUERY_PERMISSIONS[request.type], async ({ officer }) =>
          queries.answer(request, officer),
        );
      default:
        return this.#seat.handle(request);
    }
  }

  close(): void {
    this.#closed = true;
    this.#seat.close();
  }

  #act(laneId: string, action: SupervisorAction): Promise<ConsoleReply> {
    const subject = 'recordId' in action ? action.recordId : '';
    return this.#seat.signedIn(permissionFor(action), async (session) => {
      if (laneId !== this.#options.laneId) return refused('unknownLane');
      const done = await this.#options.actions.act(this.#acting(session, this.#seat.proofs(action)), action);
      if (done.ok && subject !== '') this.#seat.spend();
      return done.ok ? DONE : done;
    });
  }

  #pictures(laneId: string, recordId: string): Promise<ConsoleReply> {
    return this.#seat.signedIn('resolve', async (session) => {
      if (laneId !== this.#options.laneId) return refused('unknownLane');
      const material = await this.#options.actions.material(
        this.#acting(session, { second: this.#seat.second(recordId) }),
        recordId,
      );
      if (!material.ok) return material;
      return { ok: true, value: { type: 'pictures', ...material.value } satisfies ConsoleAnswer };
    });
  }

  /** As whom the console is looked at now; null: nobody may look. */
  get #viewer(): Viewer | null {
    const { eyes } = this.#seat;
    return eyes === null ? null : viewerOn(eyes, this.#options.direction);
  }

  #acting(session: Session, proofs: Proofs): ActingOfficer {
    return actingAt(this.#options.direction, session, proofs);
  }

  #sendView(view: SupervisorView): void {
    this.#options.send({ type: 'cards', complete: true, cards: [cardOf(view, true)] });
    this.#options.send({ type: 'lane', view });
  }

  #repeatView(): ConsoleReply {
    const viewer = this.#viewer;
    const view = viewer === null ? undefined : this.#views.get(viewer);
    if (view !== undefined) this.#sendView(view);
    return DONE;
  }

  /** Tells what the session is when it is another than was told before; then the views of who is signed in now. */
  async #tellSession(): Promise<void> {
    const session = await this.#seat.session();
    const text = JSON.stringify(session);
    if (text === this.#shown || this.#closed) return;
    this.#shown = text;
    this.#options.send({ type: 'session', session });
    this.#repeatView();
    this.#seat.watch();
  }
}
