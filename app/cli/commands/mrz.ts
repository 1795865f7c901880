import { Command } from 'commander';
import { type CalendarDate, parseIsoDate } from '../../documents/mrz/calendar-date.ts';
import { readMrz } from '../../documents/mrz/read-mrz.ts';
import { splitMrzLines } from '../../documents/mrz/split-lines.ts';
import { answerNegative, printJson, printLine, printNote, readInput, usageFailure } from '../io.ts';
import { readingToJson } from './mrz-json.ts';
import { describeReading } from './mrz-text.ts';

/** A day's passports of a busy lane; anything longer is not a list of documents. */
const MAX_INPUT_BYTES = 1024 * 1024;

interface MrzOptions {
  readonly json?: true;
  readonly today?: CalendarDate;
}

export function buildCommand(): Command {
  return new Command('mrz')
    .description(
      'Read machine-readable zones: the lines of one document together, documents separated by a blank line.\n' +
        'Formats: TD1 TD2 TD3 MRVA MRVB CS CD CR CT CF. Exit code 0 when every document is valid, 1 otherwise.',
    )
    .argument('[file]', 'file to read; standard input without it or with -')
    .option('--json', 'one JSON object a document, one a line')
    .option(
      '--today <date>',
      'day that decides the century of two-digit years, YYYY-MM-DD (default: the system clock)',
      parseToday,
    )
    .action(run);
}

async function run(file: string | undefined, { json, today }: MrzOptions): Promise<void> {
  const text = new TextDecoder().decode(await readInput(file, MAX_INPUT_BYTES));
  const documents = splitDocuments(text);
  if (documents.length === 0) {
    printNote('no document in the input');
    answerNegative();
  }
  const options = { today: today ?? systemDay() };
  for (const [index, document] of documents.entries()) {
    const reading = readMrz(splitMrzLines(document), options);
    if (!reading.valid) answerNegative();
    if (json === true) printJson(readingToJson(reading));
    else printLine((index === 0 ? '' : '\n') + describeReading(reading));
  }
}

/** Blocks of lines with a blank line between them; a line of spaces is blank, too. */
function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  let lines: string[] = [];
  for (const line of [...text.split(/\r\n|\r|\n/), '']) {
    if (line.trim() !== '') {
      lines.push(line);
    } else if (lines.length > 0) {
      documents.push(lines.join('\n'));
      lines = [];
    }
  }
  return documents;
}

function parseToday(text: string): CalendarDate {
  const date = parseIsoDate(text);
  if (date === null) throw usageFailure(`--today ${text} is not a date of the form YYYY-MM-DD`);
  return date;
}

/** The clock is read here, at the edge, and nowhere below. */
function systemDay(): CalendarDate {
  const now = new Date();
  return { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() };
}
