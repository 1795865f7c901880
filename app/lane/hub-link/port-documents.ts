import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Direction, Side } from '../../contract/crossing.ts';
import { type HubDocument, type HubDocumentHead, hubDocumentHeadSchema } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { EmbeddedControl } from '../../controls/embedded/embedded-control.ts';
import { parseRuleSet } from '../../controls/rules/rule-set.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import type { Clock } from '../clock.ts';
import type { Diary } from '../diary.ts';
import { type EnrolmentStore, sealedProfilesSchema } from '../enrolment-store.ts';
import { authorityOf, rulesNamed } from './rules-document.ts';

/** Of one document; a lane takes no answer above 16 MiB. */
export const MAX_DOCUMENT_BYTES = 12 * 1024 * 1024;
/** A certificate, a list of them or of revocations, as a file has it. */
export const trustContentSchema = z.strictObject({
  format: z.literal('jointgate-trust/1'),
  data: z.base64().max(1_000_000),
});
const takenSchema = z.record(z.string(), hubDocumentHeadSchema.pick({ version: true, sha256: true }));
type Taken = z.infer<typeof takenSchema>;
interface Refusal {
  readonly code: string;
  /** What may be otherwise in a moment is asked for again. */
  readonly later?: true;
}

export interface PortDocumentsOptions {
  /** Which documents were taken, so that a restart does not take an old version over what was changed here since. */
  readonly path: string;
  /** Where the lane leads: the rules of another authority's control are not those of the control here. */
  readonly direction: Direction;
  /** Those in this lane: their rules are `rules exit.json` or, of one authority, `rules exit.chn.json`; of the entry alike. */
  readonly controls: Readonly<Record<Side, EmbeddedControl | null>>;
  readonly enrolment: Pick<EnrolmentStore, 'takeSealed'>;
  /** Null: no chip is read here. Gives what is wrong with it, or nothing. */
  readonly importTrust: ((data: Uint8Array, source: string) => readonly string[]) | null;
  readonly diary: Pick<Diary, 'note'>;
  readonly clock: Clock;
}

/** The port's profiles, rules and trust lists as this lane takes them: each version once, in words in the journal. */
export class PortDocuments {
  readonly #options: PortDocumentsOptions;
  readonly #taken: Taken;
  readonly #refused = new Set<string>();

  constructor(options: PortDocumentsOptions) {
    this.#options = options;
    this.#taken = readTaken(options.path);
  }

  wants = ({ kind, name }: Pick<HubDocumentHead, 'kind' | 'name'>): boolean => {
    if (kind === 'rules') return this.#controlOf(name) !== null;
    return kind === 'profiles' || this.#options.importTrust !== null;
  };

  /** False: to be offered again. A version that is refused for what it says is not; the next version is. */
  take = async (document: HubDocument): Promise<boolean> => {
    const { kind, name, version, sha256, changedBy } = document;
    const title = `${kind} ${name}`;
    const known = this.#taken[title];
    if (known !== undefined && known.version === version && known.sha256 === sha256) return true;
    const took = this.#read(document);
    const owner = (kind === 'rules' ? rulesNamed(name)?.side : null) ?? 'port';
    const facts = { version, sha256, officer: changedBy };
    if (took.ok) {
      this.#taken[title] = { version, sha256 };
      this.#keep();
      await this.#options.diary.note('hubDocumentTaken', { owner, detail: title, facts });
      return true;
    }
    const again = took.error.later === true;
    // Said once a version, however often it is tried.
    if (!this.#refused.has(`${title} ${sha256}`)) {
      this.#refused.add(`${title} ${sha256}`);
      const detail = `${title} ${took.error.code}`;
      await this.#options.diary.note('hubDocumentRefused', { owner, detail, facts });
    }
    return !again;
  };

  #read({ kind, name, content, version, sha256, changedBy }: HubDocument): Result<void, Refusal> {
    if (sha256Hex(canonicalText(content)) !== sha256) return err({ code: 'contentChanged' });
    switch (kind) {
      case 'rules': {
        if (!this.#isOurs(name, content)) return err({ code: 'foreignDirection' });
        const changed = this.#controlOf(name)?.rules.change(content, changedBy, this.#options.clock.nowMs());
        return changed === undefined || changed.ok ? ok() : err({ code: changed.error.code });
      }
      case 'profiles': {
        const read = sealedProfilesSchema.safeParse(content);
        if (!read.success) return err({ code: 'malformed' });
        const taken = this.#options.enrolment.takeSealed(read.data);
        if (taken.ok) return ok();
        return err(taken.error.code === 'storeFailed' ? { code: 'storeFailed', later: true } : taken.error);
      }
      case 'trust': {
        const read = trustContentSchema.safeParse(content);
        if (!read.success) return err({ code: 'malformed' });
        try {
          const data = Buffer.from(read.data.data, 'base64');
          const problems = this.#options.importTrust?.(data, `hub ${name} version ${version}`) ?? [];
          return problems.length === 0 ? ok() : err({ code: problems[0] ?? 'malformed' });
        } catch {
          // The file cannot be written.
          return err({ code: 'storeFailed', later: true });
        }
      }
    }
  }

  #controlOf(name: string): EmbeddedControl | null {
    const whose = rulesNamed(name);
    if (whose === null) return null;
    const here = authorityOf(whose.side, this.#options.direction);
    return whose.authority === null || whose.authority === here ? this.#options.controls[whose.side] : null;
  }

  /** At a port with lanes both ways, another authority's rules of this side come by the same name. */
  #isOurs(name: string, content: HubDocument['content']): boolean {
    const whose = rulesNamed(name);
    const rules = parseRuleSet(content);
    // What is no rule set at all is told with its own code.
    if (whose === null || !rules.ok || rules.value.authority === '*') return true;
    return rules.value.authority === authorityOf(whose.side, this.#options.direction);
  }

  #keep(): void {
    const { path } = this.#options;
    try {
      writeFileSync(`${path}.new`, JSON.stringify(this.#taken), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } catch {
      // The disk is full or read-only, which the record's store tells; the document is taken again at the next start.
    }
  }
}

function readTaken(path: string): Taken {
  try {
    return takenSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // The first start, or a damaged file: everything is taken anew.
    return {};
  }
}
