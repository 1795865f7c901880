import { basename, join } from 'node:path';
import { Argument, type Command } from 'commander';
import { z } from 'zod';
import {
  DOCUMENT_KINDS_OF_HUB,
  type HubDocument,
  type HubDocumentHead,
  hubDocumentNameSchema,
} from '../../contract/hub-protocol.ts';
import { parseRuleSet } from '../../controls/rules/rule-set.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import { loadOrCreateKeyFile } from '../../crypto/key-files.ts';
import type { DocumentError, Documents } from '../../hub/distribution/documents.ts';
import { openDocuments } from '../../hub/distribution/open-documents.ts';
import { sealedProfilesSchema } from '../../lane/enrolment-store.ts';
import { MAX_DOCUMENT_BYTES, trustContentSchema } from '../../lane/hub-link/port-documents.ts';
import { rulesNamed } from '../../lane/hub-link/rules-document.ts';
import { checkAccount, fault, parseJson, printJson, printLine, readInput, usageFailure } from '../io.ts';
import { fieldSetup, type HubArgs } from './hub-setup.ts';

type Kind = HubDocumentHead['kind'];
type Content = HubDocument['content'];

/** `hub documents` and `hub publish`: what the port's lanes fetch; given `--config`, `--database` and `--json` before or after their names. */
export function addDocuments(hub: Command): void {
  hub
    .command('documents')
    .description('list what the port’s lanes fetch: newest versions, and who changed them; needs --config')
    .action((_options: object, command: Command) => withDocuments(command, list));
  hub
    .command('publish')
    .description(
      'give documents to the port’s lanes under the names of their files; hubs that run need no restart; needs --config',
    )
    .addArgument(new Argument('<kind>', 'what they are').choices([...DOCUMENT_KINDS_OF_HUB]))
    .argument(
      '<files...>',
      'profiles: as `enrol seal` writes them; rules: exit.json, entry.json, or of one authority exit.chn.json; trust: certificates, lists of them or of revocations',
    )
    .requiredOption('--by <account>', 'the administrator’s account, kept with the change')
    .action(publish);
}

async function list(documents: Documents, json: boolean): Promise<void> {
  const found = await documents.list();
  if (!found.ok) throw failure(found.error);
  for (const head of found.value) {
    if (json) printJson(head);
    else printLine(`${head.kind} ${head.name}: version ${head.version}, ${head.changedAt} by ${head.changedBy}`);
  }
}

async function publish(
  kind: Kind,
  files: readonly string[],
  { by }: { readonly by: string },
  command: Command,
): Promise<void> {
  checkAccount(by);
  // All are read before the first is published: a wrong one among them changes nothing.
  const read: { readonly name: string; readonly content: Content }[] = [];
  for (const file of files) {
    const name = hubDocumentNameSchema.safeParse(basename(file));
    if (!name.success) throw usageFailure(`${file}: names have small letters, digits, dots and hyphens, 64 at most`);
    read.push({ name: name.data, content: contentOf(kind, name.data, await readInput(file, MAX_DOCUMENT_BYTES)) });
  }
  await withDocuments(command, async (documents, json) => {
    for (const { name, content } of read) {
      const done = await putOne(documents, { kind, name }, content, by);
      if (json) printJson({ kind, name, ...done });
      else printLine(`${kind} ${name}: ${done.changed ? 'version' : 'unchanged, version'} ${done.version}`);
    }
  });
}

async function putOne(
  documents: Documents,
  document: { readonly kind: Kind; readonly name: string },
  content: Content,
  by: string,
): Promise<{ readonly version: number; readonly changed: boolean }> {
  const known = await documents.read(document);
  if (!known.ok) throw failure(known.error);
  const basedOn = known.value?.version ?? 0;
  if (known.value?.sha256 === sha256Hex(canonicalText(content))) return { version: basedOn, changed: false };
  const put = await documents.put(document, { basedOn, content }, by);
  if (!put.ok) throw failure(put.error);
  return { version: put.value, changed: true };
}

/** What a lane would refuse is refused here, before anybody fetches it. */
function contentOf(kind: Kind, name: string, bytes: Buffer): Content {
  if (kind === 'trust') {
    const content = trustContentSchema.safeParse({ format: 'jointgate-trust/1', data: bytes.toString('base64') });
    if (!content.success) throw usageFailure(`${name} is larger than a lane takes`);
    return content.data;
  }
  const value = parseJson(name, bytes.toString('utf8'));
  if (kind === 'profiles') {
    const content = sealedProfilesSchema.safeParse(value);
    if (!content.success) throw usageFailure(`${name} is not what \`enrol seal\` writes`);
    return content.data;
  }
  const rules = parseRuleSet(value);
  if (!rules.ok) throw usageFailure(`${name} is no valid rule set: ${rules.error.problems.slice(0, 5).join('; ')}`);
  const { side, authority } = rules.value;
  const whose = rulesNamed(name);
  if (whose?.side !== side) throw usageFailure(`${name} has the rules of ${side}; lanes take them from ${side}.json`);
  if (whose.authority !== null && whose.authority !== authority)
    throw usageFailure(`${name} has the rules of ${authority}; lanes take them by that name`);
  return z.json().parse(value);
}

async function withDocuments(
  command: Command,
  work: (documents: Documents, json: boolean) => Promise<void>,
): Promise<void> {
  const args = command.optsWithGlobals<Pick<HubArgs, 'config' | 'database' | 'json'>>();
  const { config, connectionString } = await fieldSetup(args);
  const path = join(config.dataFolder, 'keys', 'port-signing.pem');
  const key = loadOrCreateKeyFile(path, 'signing');
  if (!key.ok) throw fault(`keys: ${key.error.code} ${key.error.path}`);
  const opened = await openDocuments({
    connection: { connectionString },
    signingKeyPem: key.value.pem,
    controlKeys: config.controlKeys,
  });
  if (!opened.ok) throw fault(`${opened.error.code}: ${opened.error.detail}`);
  try {
    await work(opened.value.documents, args.json === true);
  } finally {
    await opened.value.close();
  }
}

function failure(error: DocumentError): Error {
  return error.code === 'versionChanged'
    ? fault('somebody else has just changed it; look at `hub documents` and try again')
    : fault(`documents: ${error.code} ${error.detail}`);
}
