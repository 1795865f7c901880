import { type DocumentJudgement, judgeDocument } from '../domain/eligibility/judge-document.ts';
import type { PresentedDocument } from './accept-document.ts';
import { type ChipFindings, type ChipInspection, chipChecksNotDone } from './chip-desk.ts';
import type { CrossingScope } from './crossing-scope.ts';

/** The chip of one crossing's document: read beside everything else, waited for only where its word is needed. */
export class CrossingChip {
  readonly #scope: CrossingScope;
  readonly #inspection: ChipInspection | null;
  readonly #findings: Promise<ChipFindings | null>;
  #failed: DocumentJudgement | null = null;
  #identified = false;

  constructor(scope: CrossingScope, { printed }: PresentedDocument) {
    const { chip } = scope.services;
    this.#scope = scope;
    this.#inspection = chip === null ? null : chip.desk.inspect(printed);
    this.#findings = this.#inspection === null ? Promise.resolve(null) : this.#inspection.findings;
    // Said from the start, so that a crossing that ends early lists them too.
    scope.checks.add(...chipChecksNotDone(chip === null ? 'noChipReader' : 'notRead'));
    void this.#findings.then((findings) => this.#found(findings));
  }

  /** Why the document is not accepted, once everything is known that door 1 waits for. */
  async beforeFirstDoor(): Promise<DocumentJudgement | null> {
    if (this.#scope.services.chip?.awaitedAt === 'doorOne') await this.#findings;
    return judgeDocument(this.#scope.checks.all);
  }

  /** The profile is known: from now on a bad chip ends the crossing wherever it stands. */
  identified(): void {
    this.#identified = true;
    this.#tell();
  }

  /** False: the machine has been told that the document is not accepted. */
  async beforeControls(): Promise<boolean> {
    await this.#findings;
    return this.#failed === null;
  }

  /** What the live face is held against; null when there is no picture at all. */
  async portrait(enrolled: Uint8Array): Promise<Uint8Array | null> {
    const { chip } = this.#scope.services;
    const present = enrolled.byteLength > 0 ? enrolled : null;
    if (chip === null || (present !== null && chip.portrait === 'enrolled')) return present;
    return (await this.#findings)?.portrait ?? present;
  }

  end(): void {
    this.#inspection?.stop();
  }

  #found(findings: ChipFindings | null): void {
    if (findings === null) return;
    this.#scope.checks.add(...findings.checks);
    this.#scope.mark('chipJudged');
    this.#failed = judgeDocument(this.#scope.checks.all);
    this.#tell();
  }

  #tell(): void {
    if (!this.#identified || this.#failed === null) return;
    const { code, owner } = this.#failed;
    this.#scope.tell({ type: 'documentFailed', code, owner });
  }
}
