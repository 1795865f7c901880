import { SIDES } from '../../contract/crossing.ts';
import { FINDINGS, type Finding } from '../../record/verify/findings.ts';
import type { Reconciliation } from '../../record/verify/reconcile-file.ts';
import type { Verification } from '../../record/verify/verify-file.ts';
import { printLine, printNote } from '../io.ts';

const SHOWN = 20;

/** For an auditor at a terminal: the verdict first, then what was found, each with its code. */
export function printVerification(result: Verification & { readonly chain?: string }): void {
  const { entries, records, checkpoints, unsigned } = result;
  if (result.chain !== undefined) printLine(`Lane ${result.chain}:`);
  printLine(result.ok ? 'The record verifies.' : `The record does NOT verify: ${result.total} finding(s).`);
  printLine(
    `${entries} journal entries, ${records} records, ${checkpoints} good checkpoints, ${unsigned} entries unsigned.`,
  );
  for (const finding of result.findings.slice(0, SHOWN)) printLine(`  ${lineOf(finding)}`);
  if (result.total > SHOWN) printLine(`  and ${result.total - SHOWN} more (--json lists the first thousand)`);
  if (result.keysFrom === 'recordItself') {
    printNote(
      'without --keys the keys of the record itself were used: this finds damage, not a forger who changed them',
    );
  }
}

function lineOf({ code, seq, recordId, detail }: Finding): string {
  const place = [seq === null ? '' : `entry ${seq}`, recordId === null ? '' : `record ${recordId}`, detail];
  return `${code}: ${FINDINGS[code]} ${place.filter((part) => part !== '').join(', ')}`;
}

export function printReconciliation(result: Reconciliation): void {
  printLine(`Records opened from ${result.fromIso} to ${result.toIso}: ${result.opened}`);
  for (const [state, count] of Object.entries(result.byState)) printLine(`  ${state}: ${count}`);
  for (const side of SIDES) {
    const figures = Object.entries(result.sides[side]).map(([name, count]) => `${name} ${count}`);
    printLine(`${side}: ${figures.join(', ')}`);
  }
  printLine(result.differences.length === 0 ? 'Differences: none' : `Differences: ${result.differences.length}`);
  for (const { recordId, exit, entry } of result.differences) printLine(`  ${recordId}: exit ${exit}, entry ${entry}`);
}
