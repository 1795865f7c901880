import type { FittedDevices } from '../../../../native-bridge/devices/fitted-devices.ts';
import type { ChipReader } from '../../../../native-bridge/ports/chip-reader.ts';
import type { DocumentScanner } from '../../../../native-bridge/ports/document-scanner.ts';
import type { Unsubscribe } from '../../../../native-bridge/ports/event-source.ts';
import type { LaneController, LaneControllerEvent } from '../../../../native-bridge/ports/lane-controller.ts';
import { ACCESSORIES } from '../../../contract/diagnostics-view.ts';
import type { Trace, TraceFacts } from './trace.ts';

/** What each device has done since the lane started. */
export interface DeviceCounts {
  documentsRead: number;
  doorsOpened: number;
  chipsLost: number;
}

interface Watched {
  readonly documentScanner: DocumentScanner;
  readonly laneController: LaneController;
  readonly chipReader: ChipReader | null;
  readonly others: FittedDevices['others'];
}

/** Hears every device and writes the trace: of a document its size, of a door its number, of a chip that it went. */
export function watchDevices({ documentScanner, laneController, chipReader, others }: Watched, trace: Trace) {
  const counts: DeviceCounts = { documentsRead: 0, doorsOpened: 0, chipsLost: 0 };
  const ends: Unsubscribe[] = [
    documentScanner.subscribe((event) => {
      if (event.type === 'documentRead') {
        counts.documentsRead += 1;
        const lines = event.text.split('\n').length;
        trace.add('documentScanner', 'in', 'documentRead', { lines, characters: event.text.length });
      } else if (event.type === 'readProblem') {
        trace.add('documentScanner', 'in', 'readProblem', { code: event.code, bytes: event.discardedBytes });
      } else if (event.type === 'lost') trace.add('documentScanner', 'state', 'lost', { reason: event.reason });
      else trace.add('documentScanner', event.type === 'ready' ? 'state' : 'in', event.type);
    }),
    laneController.subscribe((event) => {
      if (event.type === 'doorOpened') counts.doorsOpened += 1;
      const isState = event.type === 'ready' || event.type === 'lost';
      trace.add('laneController', isState ? 'state' : 'in', event.type, doorFacts(event));
    }),
  ];
  if (chipReader !== null) {
    ends.push(
      chipReader.subscribe((event) => {
        if (event.type === 'chipLost') counts.chipsLost += 1;
        if (event.type === 'lost') trace.add('chipReader', 'state', 'lost', { reason: event.reason });
        else trace.add('chipReader', event.type === 'ready' ? 'state' : 'in', event.type);
      }),
    );
  }
  for (const name of ACCESSORIES) {
    const end = others.get(name)?.subscribe(({ type, reason }) => {
      if (type === 'ready') trace.add(name, 'state', type);
      else if (type === 'lost') trace.add(name, 'state', type, reason === undefined ? {} : { reason });
      else trace.add(name, 'in', type);
    });
    if (end !== undefined) ends.push(end);
  }
  return {
    counts,
    end: () => {
      for (const end of ends) end();
    },
  };
}

function doorFacts(event: LaneControllerEvent): TraceFacts {
  switch (event.type) {
    case 'ready':
      return { doors: event.state.doors.length };
    case 'lost':
      return { reason: event.reason, ...(event.door === null ? {} : { door: event.door }) };
    case 'passage':
      return { door: event.door, direction: event.direction, persons: event.persons };
    case 'zoneOccupied':
    case 'zoneVacated':
      return { door: event.door, side: event.side };
    case 'fault':
      return { door: event.door, errorBits: event.errorBits };
    case 'emergency':
      return { active: event.active };
    case 'doorOpened':
    case 'doorClosed':
      return { door: event.door };
  }
}
