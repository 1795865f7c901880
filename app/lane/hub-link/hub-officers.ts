import type { LaneAction } from '../../contract/hub-protocol.ts';
import { type ConsoleReply, consoleError } from '../../contract/supervisor-console.ts';
import { permissionFor, roleMay } from '../../officers/permissions.ts';
import type { OfficerActions } from '../officer-actions.ts';

const DONE: ConsoleReply = { ok: true, value: { type: 'done' } };

/**
 * An officer at a hub's console, as the hub vouches for them over mutual TLS: who they are and who stands by them. What they
 * may do is asked here again, and audited here, as of one at the lane's own window.
 */
export async function actForHub(
  officers: Pick<OfficerActions, 'act' | 'material'>,
  { viewer, officer, second, fresh, request }: LaneAction,
): Promise<ConsoleReply> {
  const by = { viewer, officer, second, ...(fresh === undefined ? {} : { fresh }) };
  if (second === officer) return { ok: false, error: consoleError('samePerson') };
  if (request.type === 'pictures') {
    const material = await officers.material(by, request.recordId);
    return material.ok ? { ok: true, value: { type: 'pictures', ...material.value } } : material;
  }
  // A technician comes with the port's eyes: the port's permissions bound what may be asked in its name.
  if (!roleMay(viewer, permissionFor(request.action))) return { ok: false, error: consoleError('notAllowed') };
  const done = await officers.act(by, request.action);
  return done.ok ? DONE : done;
}
