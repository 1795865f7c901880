import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { printLine, readJson, usageFailure } from '../io.ts';
import { type Answers, answersSchema, QUESTIONS } from './setup-profile.ts';

const MAX_ANSWERS_BYTES = 64 * 1024;

/** Answers from a file: what it leaves out has its standard answer. */
export async function answersFrom(path: string): Promise<Answers> {
  const parsed = answersSchema.partial().safeParse(await readJson(path, MAX_ANSWERS_BYTES));
  if (!parsed.success) throw usageFailure(z.prettifyError(parsed.error));
  const standards = Object.fromEntries(QUESTIONS.map(({ name, standard }) => [name, standard]));
  return answersSchema.parse({ ...standards, ...parsed.data });
}

/** Asks each question until its answer is one; an empty line takes the standard. Ends with wrong usage when the input ends. */
export async function askAnswers(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<Answers> {
  const terminal = createInterface({ input, output });
  const lines = terminal[Symbol.asyncIterator]();
  const answers: Record<string, string> = {};
  try {
    for (const { name, text, standard } of QUESTIONS) {
      for (;;) {
        output.write(`${text} [${standard}]: `);
        const line = await lines.next();
        if (line.done === true) throw usageFailure('the answers ended before the questions');
        const parsed = answersSchema.shape[name].safeParse(line.value.trim() || standard);
        if (parsed.success) {
          answers[name] = parsed.data;
          break;
        }
        printLine(`  not possible: ${parsed.error.issues[0]?.message ?? 'another answer, please'}`);
      }
    }
  } finally {
    terminal.close();
  }
  return answersSchema.parse(answers);
}
