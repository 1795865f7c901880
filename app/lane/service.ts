/** What keeps a lane out of service. Each is set and cleared by the part that knows; the lane serves when none is left. */
export const SERVICE_REASONS = [
  'starting',
  'scannerLost',
  'laneControllerLost',
  'chipReaderLost',
  // Of a lane that lets nobody pass without its verdict.
  'faceCameraLost',
  // The port's policy is to close while no hub answers.
  'hubAway',
  // Without them no answer of that control can count.
  'controlKeysUnknown',
  'doorFault',
  'emergency',
  'faceEngineFailed',
  'modelRefused',
  'cameraFailed',
  'storeFailed',
  'recoveryPending',
  // After a restart somebody may stand in a chamber: an officer looks before the next traveller is let in.
  'laneToBeChecked',
  'closedByOfficer',
  // The doors open for nobody, whatever a crossing says.
  'blockedByOfficer',
  'softwareFault',
  // A technician works on the lane; the marker of app/lane/diagnostics keeps it so through a restart.
  'diagnostics',
  // The signed settings file does not hold: a technician writes it anew.
  'settingsInvalid',
] as const;
export type ServiceReason = (typeof SERVICE_REASONS)[number];

export interface ServiceChange {
  readonly inService: boolean;
  readonly reasons: readonly ServiceReason[];
}

/** The set of reasons, with one call for each change between in service and out of it. */
export class Service {
  readonly #reasons = new Set<ServiceReason>(['starting']);
  readonly #onChange: (change: ServiceChange) => void;

  constructor(onChange: (change: ServiceChange) => void) {
    this.#onChange = onChange;
  }

  get inService(): boolean {
    return this.#reasons.size === 0;
  }

  get reasons(): readonly ServiceReason[] {
    return [...this.#reasons];
  }

  has(reason: ServiceReason): boolean {
    return this.#reasons.has(reason);
  }

  set(reason: ServiceReason, present: boolean): void {
    if (this.#reasons.has(reason) === present) return;
    if (present) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    this.#onChange({ inService: this.inService, reasons: this.reasons });
  }
}
