import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkPages, problemsOf } from './check-links.ts';

const PAGE = fileURLToPath(new URL('./README.md', import.meta.url));
const known = {
  scripts: new Set(['bench', 'jointgate']),
  jointgate: new Map([
    ['mrz', { options: new Set(['--json']), subcommands: new Set<string>() }],
    ['face', { options: new Set(['--root']), subcommands: new Set(['pairs']) }],
  ]),
};
const problems = (text: string) => problemsOf(PAGE, text, known).map(({ problem }) => problem);

test('every link of every page leads somewhere, and every command written down exists', async () => {
  expect(await checkPages()).toEqual([]);
});

test('links to files, headings and pictures are followed; the web is not', () => {
  expect(problems('[a](pages.ts) [b](https://example.org/x) [c](#builddocs)\n\n# build/docs')).toEqual([]);
  expect(problems('[a](nothing.ts)')).toEqual(['the link nothing.ts leads nowhere']);
  expect(problems('<img alt="x" src="gone.png">')).toEqual(['the link gone.png leads nowhere']);
  expect(problems('[a](README.md#no-such-heading)')).toEqual(['the link README.md#no-such-heading leads nowhere']);
});

test('scripts, commands and files are looked up, in blocks and in running text', () => {
  expect(problems('`npm run bench -- crossing` and `jointgate mrz FILE`')).toEqual([]);
  expect(problems('```\nnpm ci && npm run sing\n```')).toEqual(['there is no npm script sing']);
  expect(problems('```\nnpm run -s jointgate -- fly\n```')).toEqual(['there is no command jointgate fly']);
  expect(problems('`jointgate face pairs FILE --root DIR` and `jointgate mrz file`')).toEqual([]);
  expect(problems('`jointgate face guess`')).toEqual(['there is no command jointgate face guess']);
  expect(problems('`jointgate mrz --jsonn`')).toEqual(['jointgate mrz has no option --jsonn']);
  expect(problems('`node build/no-such.ts`')).toEqual(['there is no file build/no-such.ts']);
});
