import type { LaneControllerEvent } from '../../native-bridge/ports/lane-controller.ts';
import type { CrossingServices } from './crossing-services.ts';
import type { LaneState } from './lane-parts.ts';

export interface DoorWatchListener {
  onChange(): void;
  /** The controller is there again: records may be ended by its counters now. */
  onReady(): Promise<void>;
}

/** Hears the lane controller: tells the crossing under way, the diary and the screens, and keeps a lane with a broken door shut. */
export class DoorWatch {
  readonly #services: CrossingServices;
  readonly #state: LaneState;
  readonly #listener: DoorWatchListener;

  constructor(services: CrossingServices, state: LaneState, listener: DoorWatchListener) {
    this.#services = services;
    this.#state = state;
    this.#listener = listener;
  }

  async heard(event: LaneControllerEvent): Promise<void> {
    const { service, run } = this.#state;
    const { diary, doors } = this.#services;
    switch (event.type) {
      case 'ready':
        this.#state.doors = event.state.doors;
        service.set('emergency', event.state.emergency);
        this.#checkDoors();
        for (const { door } of event.state.doors) void doors.setLamp(door, 'red');
        return this.#listener.onReady();
      case 'lost':
        run?.tell({ type: 'laneControllerLost' });
        return;
      case 'doorOpened':
      case 'doorClosed':
        this.#state.doors = this.#state.doors.map((door) =>
          door.door === event.door ? { ...door, open: event.type === 'doorOpened' } : door,
        );
        return this.#listener.onChange();
      case 'passage':
        return this.#passed(event);
      case 'zoneOccupied':
      case 'zoneVacated':
        return;
      case 'emergency':
        service.set('emergency', event.active);
        // Doors were free for everybody: an officer looks before the next traveller is let in.
        if (event.active) service.set('laneToBeChecked', true);
        if (!event.active) return diary.note('emergencyEnded');
        run?.tell({ type: 'emergencyReleased' });
        return diary.note('emergencyPressed');
      case 'fault':
        this.#state.doors = this.#state.doors.map((door) =>
          door.door === event.door ? { ...door, errorBits: event.errorBits } : door,
        );
        this.#checkDoors();
        if (event.errorBits === 0) return;
        run?.tell({ type: 'doorFault', door: event.door });
        return diary.note('doorFault', { detail: `door ${event.door}`, facts: { errorBits: event.errorBits } });
    }
  }

  /** One broken or blocked door is enough to keep the lane shut. */
  #checkDoors(): void {
    this.#state.service.set(
      'doorFault',
      this.#state.doors.some(({ errorBits, mode }) => errorBits !== 0 || mode === 'blocked'),
    );
  }

  async #passed({ door, direction, persons }: Extract<LaneControllerEvent, { type: 'passage' }>): Promise<void> {
    const { run } = this.#state;
    const { diary } = this.#services;
    const expected = run?.expects(door, direction) ?? false;
    const recordId = run?.recordId ?? null;
    run?.tell({ type: 'passage', door, direction, persons });
    if (persons > 1) await diary.note('tailgating', { recordId, detail: `door ${door}`, facts: { persons } });
    if (!expected) await diary.note('unexpectedPassage', { recordId, detail: `door ${door} ${direction}` });
  }
}
