import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KnownCommand, type KnownCommands, knownCommands } from './known-commands.ts';

/** `node build/docs/check-links.ts`: every relative link of every page leads somewhere, and every command written down exists. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const SKIPPED = new Set(['node_modules', 'out', 'dist', '.git']);

export interface PageProblem {
  readonly page: string;
  readonly problem: string;
}

function pagesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pagesBelow(path) : entry.name.endsWith('.md') ? [path] : [];
  });
}

export function problemsOf(page: string, text: string, known: KnownCommands): readonly PageProblem[] {
  const tell = (problem: string): PageProblem => ({ page, problem });
  return [
    ...linksOf(text)
      .filter((target) => !leads(page, target))
      .map((target) => tell(`the link ${target} leads nowhere`)),
    ...commandsOf(text).flatMap((command) => wrongCommand(command, page, known).map(tell)),
  ];
}

/** Targets of links and pictures, without those to the web. */
export function linksOf(text: string): readonly string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)|<img[^>]* src="([^"]+)"/g)]
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((target) => !/^(https?|mailto):/.test(target));
}

function leads(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : resolve(dirname(page), path);
  if (!existsSync(file)) return false;
  if (anchor === undefined || !file.endsWith('.md')) return true;
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title));
  return headings.includes(anchor);
}

/** As GitHub makes them. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** Lines of code blocks, and code in running text. */
function commandsOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/```(?:\w*)\n([\s\S]*?)```/g)].flatMap(([, body = '']) => body.split('\n'));
  const inline = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline].flatMap((line) => line.split('&&').map((part) => part.trim()));
}

function wrongCommand(command: string, page: string, { scripts, jointgate }: KnownCommands): readonly string[] {
  const script = /^npm run (?:-s )?([\w:.-]+)/.exec(command)?.[1];
  if (script !== undefined && !scripts.has(script)) return [`there is no npm script ${script}`];
  const sub = /^(?:npm run (?:-s )?jointgate -- |jointgate )([a-z]\w*)/.exec(command)?.[1];
  if (sub !== undefined) return wrongUse(command, sub, jointgate.get(sub));
  const file = /^node (?:--[\w-]+(?:=\S+)? )*([\w./-]+\.ts)\b/.exec(command)?.[1];
  const found = file === undefined || [ROOT, dirname(page)].some((folder) => existsSync(join(folder, file)));
  return found ? [] : [`there is no file ${file}`];
}

function wrongUse(command: string, name: string, known: KnownCommand | undefined): readonly string[] {
  if (known === undefined) return [`there is no command jointgate ${name}`];
  const [, next] = new RegExp(`${name} ([a-z][a-z-]*)(?=$|\\s)`).exec(command) ?? [];
  if (known.subcommands.size > 0 && next !== undefined && !known.subcommands.has(next))
    return [`there is no command jointgate ${name} ${next}`];
  return [...command.matchAll(/(?<= )--[a-z][a-z-]*/g)]
    .map(([option]) => option)
    .filter((option) => !known.options.has(option))
    .map((option) => `jointgate ${name} has no option ${option}`);
}

export async function checkPages(): Promise<readonly PageProblem[]> {
  const known = await knownCommands();
  return pagesBelow(ROOT).flatMap((page) =>
    problemsOf(page, readFileSync(page, 'utf8'), known).map((found) => ({
      ...found,
      page: page.slice(ROOT.length + 1),
    })),
  );
}

if (import.meta.main) {
  const problems = await checkPages();
  for (const { page, problem } of problems) console.log(`${page}: ${problem}`);
  console.log(`${pagesBelow(ROOT).length} pages, ${problems.length} problems`);
  process.exit(problems.length === 0 ? 0 : 1);
}
