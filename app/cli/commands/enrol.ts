import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  type EnrolmentError,
  EnrolmentStore,
  enrolmentFile,
  MAX_PORTRAIT_BYTES,
  type Profile,
  profileDocuments,
  profileSchema,
  sealedProfilesSchema,
} from '../../lane/enrolment-store.ts';
import { MAX_DOCUMENT_BYTES } from '../../lane/hub-link/port-documents.ts';
import { openPortKeys } from '../../lane/lane-keys.ts';
import { answerNegative, callerPath, fault, parseJson, printJson, printLine, readInput, usageFailure } from '../io.ts';

const MAX_PROFILE_BYTES = 64 * 1024;

interface EnrolArgs {
  readonly data: string;
  readonly json?: true;
}

export function buildCommand(): Command {
  const enrol = new Command('enrol').description(
    'Travellers of a port: at its enrolment desk, or in the folder of a lane that runs. Needs the two keys that the port’s lanes share.',
  );
  const sub = (name: string, text: string): Command =>
    enrol
      .command(name)
      .description(text)
      .requiredOption('--data <folder>', 'data folder; without keys in it the port’s keys are made there')
      .option('--json', 'the outcome as JSON');
  sub('add', 'enrol a traveller, or replace what they had enrolled')
    .argument('[file]', 'profileId, a document for each side, consentGivenAt; standard input without')
    .requiredOption('--portrait <file>', 'photograph of the face, JPEG or PNG, at most 1 MB')
    .action(add);
  sub('withdraw', 'remove a traveller; the port’s lanes learn it with the next documents')
    .argument('<profile>', 'profileId')
    .action(withdraw);
  sub(
    'seal',
    'write what is enrolled as documents for `hub publish profiles`; nobody without the port’s keys can read them',
  )
    .requiredOption('--out <folder>', 'where they are written, one file a document')
    .action(seal);
  return enrol;
}

async function add(file: string | undefined, args: EnrolArgs & { readonly portrait: string }): Promise<void> {
  const profile = readProfile((await readInput(file, MAX_PROFILE_BYTES)).toString('utf8'));
  const portrait = await readInput(args.portrait, MAX_PORTRAIT_BYTES);
  // Decoders are loaded by whoever has a picture. One that cannot be read would stop the traveller in the lane.
  const { decodeImage } = await import('../../../models/face/decode-image.ts');
  const image = await decodeImage(portrait);
  if (!image.ok) throw usageFailure(`${args.portrait} is no portrait: ${image.error.code}`);
  withStore(args, (store) => {
    const enrolled = store.enrol(profile, portrait);
    if (!enrolled.ok) throw failure(enrolled.error);
  });
  if (args.json) printJson({ done: true, code: null, profileId: profile.profileId });
  else printLine(`${profile.profileId}: enrolled`);
}

function withdraw(profileId: string, args: EnrolArgs): void {
  const withdrawn = withStore(args, (store) => store.withdraw(profileId));
  if (!withdrawn.ok && withdrawn.error.code !== 'notEnrolled') throw failure(withdrawn.error);
  const code = withdrawn.ok ? null : withdrawn.error.code;
  if (args.json) printJson({ done: withdrawn.ok, code, profileId });
  else printLine(`${profileId}: ${withdrawn.ok ? 'withdrawn' : 'is not enrolled here'}`);
  if (!withdrawn.ok) answerNegative();
}

function seal(args: EnrolArgs & { readonly out: string }): void {
  const sealed = withStore(args, (store) => store.sealed());
  if (!sealed.ok) throw failure(sealed.error);
  const folder = callerPath(args.out);
  mkdirSync(folder, { recursive: true });
  for (const [name, document] of profileDocuments(sealed.value)) {
    const text = JSON.stringify(document);
    if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES || !sealedProfilesSchema.safeParse(document).success)
      throw fault(`${name} would be larger than a lane takes`);
    writeFileSync(join(folder, name), text);
    const counts = { profiles: document.profiles.length, withdrawn: document.withdrawn.length };
    if (args.json) printJson({ file: join(folder, name), ...counts });
    else printLine(`${join(folder, name)}: ${counts.profiles} enrolled, ${counts.withdrawn} withdrawn`);
  }
}

function readProfile(text: string): Profile {
  const profile = profileSchema.safeParse(parseJson('the profile', text));
  if (profile.success) return profile.data;
  const problems = profile.error.issues.map(({ path, code }) => `${path.join('.') || 'file'} (${code})`);
  throw usageFailure(`the profile is not valid: ${problems.slice(0, 5).join('; ')}`);
}

function withStore<T>({ data }: EnrolArgs, work: (store: EnrolmentStore) => T): T {
  const folder = callerPath(data);
  const keys = openPortKeys(folder);
  if (!keys.ok) throw fault(`keys: ${keys.error.code} ${keys.error.detail}`);
  const opened = EnrolmentStore.open(enrolmentFile(folder), keys.value.enrolmentKey, keys.value.portKey);
  if (!opened.ok) throw failure(opened.error);
  try {
    return work(opened.value);
  } finally {
    opened.value.close();
  }
}

function failure(error: EnrolmentError): Error {
  return fault(`enrolment: ${error.code}${'detail' in error ? ` ${error.detail}` : ''}`);
}
