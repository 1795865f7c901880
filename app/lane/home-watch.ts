import type { Diary } from './diary.ts';
import type { HomeState } from './hub-link/home-store.ts';
import type { RecordDesk } from './record-desk.ts';
import type { Service } from './service.ts';

/** Turns the coming and going of the port's hub into the lane's service: away it takes nobody in, back it first cleans up. */
export class HomeWatch {
  readonly #service: Service;
  readonly #diary: Diary;
  readonly #record: RecordDesk;

  constructor(service: Service, diary: Diary, record: RecordDesk) {
    this.#service = service;
    this.#diary = diary;
    this.#record = record;
  }

  changed(state: HomeState): void {
    const wasAway = this.#service.has('hubAway');
    switch (state) {
      case 'away':
        this.#service.set('hubAway', true);
        void this.#diary.note('hubLost');
        return;
      case 'laneOnly':
        // An officer has taken the responsibility; their line is in the lane's own journal.
        this.#diary.recorded('laneOnlyAllowed');
        this.#service.set('recoveryPending', true);
        this.#service.set('hubAway', false);
        void this.#record.recover();
        return;
      case 'hub':
        // What was live there when it went away is ended before anybody is let in.
        this.#service.set('recoveryPending', true);
        if (wasAway) this.#service.set('hubAway', false);
        void this.#diary.note('hubBack');
        void this.#record.recover();
        return;
    }
  }
}
