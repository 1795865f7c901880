import type { Direction } from '../../contract/crossing.ts';
import type { LaneAction } from '../../contract/hub-protocol.ts';
import { standTogether } from '../../contract/officer-account.ts';
import { type ConsoleError, type ConsoleReply, consoleError } from '../../contract/supervisor-console.ts';
import { permissionFor, roleMay } from '../../officers/permissions.ts';
import { actingAt } from '../acting-officer.ts';
import type { OfficerActions } from '../officer-actions.ts';

const DONE: ConsoleReply = { ok: true, value: { type: 'done' } };

const refused = (code: ConsoleError['code']): ConsoleReply => ({ ok: false, error: consoleError(code) });

/**
 * An officer at a hub's console, as the hub vouches for them over mutual TLS: who they are, of which authority, and who stands by
 * them. Which side of this lane is theirs is not the hub's to say: the lane knows where it leads. What they may do is asked here
 * again, and audited here, as of one at the lane's own window.
 */
export async function actForHub(
  officers: Pick<OfficerActions, 'act' | 'material'>,
  direction: Direction,
  { by, second, fresh, request }: Omit<LaneAction, 'id'>,
): Promise<ConsoleReply> {
  if (second?.officer === by.officer) return refused('samePerson');
  if (second !== null && !standTogether(by, second)) return refused('otherSide');
  const permission = request.type === 'pictures' ? 'resolve' : permissionFor(request.action);
  if (!roleMay(by.role, permission)) return refused('notAllowed');
  const acting = actingAt(direction, by, { second, fresh });
  if (request.type === 'pictures') {
    const material = await officers.material(acting, request.recordId);
    return material.ok ? { ok: true, value: { type: 'pictures', ...material.value } } : material;
  }
  const done = await officers.act(acting, request.action);
  return done.ok ? DONE : done;
}
