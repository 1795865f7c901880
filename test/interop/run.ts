import { mbpoll } from './mbpoll.ts';
import { mrtdReader } from './mrtdreader.ts';
import { nfcList } from './nfc-list.ts';
import type { Partner } from './partner.ts';
import { pcscd } from './pcscd.ts';
import { pymodbus } from './pymodbus.ts';

/**
 * Independent partners, one after the other. Says which ran and what to install for the others. Exit 1 when one disagrees with us;
 * with `--require-all` also when one is absent.
 */
const PARTNERS: readonly Partner[] = [nfcList, mrtdReader, mbpoll, pymodbus, pcscd];

async function tryPartner(partner: Partner): Promise<'agreed' | 'disagreed' | 'absent'> {
  const say = (line: string): boolean => process.stdout.write(`${partner.name}: ${line}\n`);
  const missing = await partner.missing();
  if (missing !== null) {
    say(`NOT RUN (${partner.proves}): ${missing}; apt-get install ${partner.packages.join(' ')}`);
    return 'absent';
  }
  try {
    say(`ran: ${await partner.run()} (${partner.proves})`);
    return 'agreed';
  } catch (error) {
    say(`FAILED (${partner.proves}): ${error instanceof Error ? error.message : String(error)}`);
    return 'disagreed';
  }
}

const outcomes: string[] = [];
for (const partner of PARTNERS) outcomes.push(await tryPartner(partner));
const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
process.stdout.write(
  `interop: ${count('agreed')} ran, ${count('disagreed')} failed, ${count('absent')} not installed\n`,
);
const failed = count('disagreed') > 0 || (process.argv.includes('--require-all') && count('absent') > 0);
process.exit(failed ? 1 : 0);
