import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildOpenApi } from './openapi.ts';
import { PROBLEM_CODES, PROBLEMS } from './problems.ts';
import { ROUTES, type Route } from './routes.ts';

const DOCUMENT = new URL('./openapi.json', import.meta.url);

test('the document in the repository is the one the schemas make (else: node app/controls/protocol/write-openapi.ts)', () => {
  expect(JSON.parse(readFileSync(DOCUMENT, 'utf8'))).toEqual(JSON.parse(JSON.stringify(buildOpenApi())));
});

test('every problem code is in the problem schema, and every problem is said by some route', () => {
  expect(JSON.stringify(buildOpenApi())).toContain(JSON.stringify(PROBLEM_CODES));
  const said = new Set(Object.values<Route>(ROUTES).flatMap(({ problems }) => problems));
  expect([...said].sort()).toEqual(Object.keys(PROBLEMS).sort());
});
