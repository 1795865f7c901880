import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONSOLE_PATHS, type HubDocument, type LaneAction, SESSION_COOKIE } from '../../app/contract/hub-protocol.ts';
import { unwrap } from '../../app/contract/result.ts';
import type { ConsoleRequest, ConsoleUpdate } from '../../app/contract/supervisor-console.ts';
import { openPortBench, urlOf } from '../../app/hub/hub-bench.fixture.ts';
import type { Hub } from '../../app/hub/open-hub.ts';
import { systemClock } from '../../app/lane/clock.ts';
import { HubLink } from '../../app/lane/hub-link/hub-link.ts';
import { addOfficer } from '../../app/officers/administration.ts';
import { type Accounts, openPortAccounts } from '../../app/officers/open-accounts.ts';
import { createControls } from '../../app/record/crossing.fixture.ts';
import { openHubClient } from '../../app/record/remote/hub-client.ts';
import { supervisorView } from '../screens/console-views.ts';

// A lane at one hub, an officer's console at another: what the lane shows and what the officer wants go through PostgreSQL.

const bench = await openPortBench();
afterAll(() => bench?.dispose());
const PINS = { first: '481516', own: '234251' };

describe.skipIf(bench === null)('a console at a hub', () => {
  if (bench === null) return;
  let laneHub: Hub;
  let deskHub: Hub;
  let accounts: Accounts;
  let link: HubLink;
  const actions: LaneAction[] = [];
  const documents: HubDocument[] = [];
  let gotDocument: () => void = () => undefined;

  beforeAll(async () => {
    await bench.freshDatabase();
    const { host, port, user, database } = bench.connection;
    const address = `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
    accounts = unwrap(await openPortAccounts(bench.folder, address));
    const controlKeys = createControls().keys;
    const door = { host: '127.0.0.1', port: 0, accounts, pages: null, documentKey: null };
    laneHub = await bench.openHub({ controlKeys });
    deskHub = await bench.openHub({ controlKeys, console: door });
    for (const [number, role, authority] of [
      ['EX001', 'exitOfficer', 'CHN'],
      ['TE001', 'technician', null],
    ] as const) {
      unwrap(await addOfficer({ ...accounts, number, role, authority, pin: PINS.first, at: new Date().toISOString() }));
    }
    link = new HubLink({
      client: openHubClient({ urls: [urlOf(laneHub.lanePort)], tls: await bench.tls('lane-1') }),
      clock: systemClock,
      wants: ({ kind }) => kind === 'rules',
      documentsMs: 50,
      pollMs: 2_000,
      onAction: async (action) => {
        actions.push(action);
        return { ok: true, value: { type: 'done' } };
      },
      onDocument: async (document) => {
        documents.push(document);
        gotDocument();
        return true;
      },
      onUnheard: () => undefined,
    });
    link.start();
  }, 60_000);
  afterAll(async () => {
    await link?.close();
    await laneHub?.close();
    await deskHub?.close();
    await accounts?.close();
  });

  /** One browser: keeps its cookie as a browser does. */
  const openBrowser = () => {
    let cookie = '';
    const send = (
      method: string,
      path: string,
      body: unknown,
      headers: Record<string, string> = { 'jointgate-console': '1' },
    ) =>
      new Promise<{ status: number; json: () => unknown; cookie: string }>((resolve, reject) => {
        const text = body === null ? undefined : JSON.stringify(body);
        const sent = httpsRequest(
          {
            host: '127.0.0.1',
            port: deskHub.consolePort ?? 0,
            method,
            path,
            ca: bench.authority.cert,
            headers: { ...headers, ...(text === undefined ? {} : { 'content-type': 'application/json' }), cookie },
          },
          (response) => {
            let got = '';
            const set = response.headers['set-cookie']?.[0] ?? '';
            if (set !== '') cookie = set.split(';')[0] ?? '';
            response.setEncoding('utf8').on('data', (chunk: string) => {
              got += chunk;
            });
            response.on('end', () =>
              resolve({ status: response.statusCode ?? 0, json: () => JSON.parse(got), cookie: set }),
            );
          },
        );
        sent.on('error', reject);
        sent.end(text);
      });
    const ask = async (request: ConsoleRequest) => (await send('POST', CONSOLE_PATHS.requests, request)).json();
    /** Updates until one fits. */
    const updateThat = (fits: (update: ConsoleUpdate) => boolean) =>
      new Promise<ConsoleUpdate>((resolve, reject) => {
        const sent = httpsRequest(
          {
            host: '127.0.0.1',
            port: deskHub.consolePort ?? 0,
            path: CONSOLE_PATHS.updates,
            ca: bench.authority.cert,
            headers: { cookie },
          },
          (response) => {
            cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie;
            let got = '';
            response.setEncoding('utf8').on('data', (chunk: string) => {
              got += chunk;
              const parts = got.split('\n\n');
              got = parts.pop() ?? '';
              for (const part of parts) {
                const data = /^data: (.*)$/m.exec(part)?.[1];
                const update = data === undefined ? null : (JSON.parse(data) as ConsoleUpdate);
                if (update === null || !fits(update)) continue;
                sent.destroy();
                resolve(update);
                return;
              }
            });
          },
        );
        sent.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? undefined : reject(error)));
        sent.end();
      });
    return { send, ask, updateThat };
  };
  const done = { ok: true, value: { type: 'done' } };

  test('shows nothing and does nothing before a sign-in, and no other site can speak for a browser', async () => {
    const browser = openBrowser();
    const act = { type: 'act', laneId: 'lane-1', action: { type: 'setService', inService: false } } as const;
    const first = await browser.send('POST', CONSOLE_PATHS.requests, act);
    expect(first.json()).toMatchObject({ ok: false, error: { code: 'signInNeeded' } });
    expect(first.cookie).toMatch(
      new RegExp(`^${SESSION_COOKIE}=[\\w-]{43}; Path=/; HttpOnly; Secure; SameSite=Strict$`),
    );
    expect(await browser.updateThat(() => true)).toMatchObject({ type: 'session', session: { state: 'signedOut' } });
    expect((await browser.send('POST', CONSOLE_PATHS.requests, act, {})).status).toBe(403);
    expect((await browser.send('GET', CONSOLE_PATHS.documents, null)).status).toBe(401);
    expect(actions).toEqual([]);
  });

  test('a browser whose first word is the stream is known by it: what it asks is the same session’s', async () => {
    const browser = openBrowser();
    expect(await browser.updateThat(() => true)).toMatchObject({ session: { state: 'signedOut' } });
    const { cookie } = await browser.send('POST', CONSOLE_PATHS.requests, { type: 'hello' });
    expect(cookie, 'no second session is made').toBe('');
  });

  test('an officer signs in, sees the lane through the other hub, acts at it, and is answered by it', async () => {
    const browser = openBrowser();
    const signIn = { type: 'signIn', officer: 'EX001', pin: PINS.first } as const;
    expect(await browser.ask({ ...signIn, newPin: null })).toMatchObject({ error: { code: 'pinToBeChanged' } });
    expect(await browser.ask({ ...signIn, newPin: PINS.own })).toEqual(done);
    const seen = browser.updateThat((update) => update.type === 'cards' && update.cards.length > 0);
    for (const viewer of ['exitOfficer', 'entryOfficer', 'portSupervisor'] as const) {
      link.show(supervisorView(viewer, { laneId: 'lane-1' }));
    }
    expect(await seen).toMatchObject({ cards: [{ laneId: 'lane-1', connected: true }] });
    const focused = browser.updateThat((update) => update.type === 'lane');
    expect(await browser.ask({ type: 'focus', laneId: 'lane-1' })).toEqual(done);
    // Its own side's eyes, whatever it asks for.
    expect(await focused).toMatchObject({ view: { viewer: 'exitOfficer' } });
    const action = { type: 'setService', inService: false } as const;
    expect(await browser.ask({ type: 'act', laneId: 'lane-1', action })).toEqual(done);
    expect(actions).toMatchObject([
      {
        by: { officer: 'EX001', role: 'exitOfficer', authority: 'CHN' },
        second: null,
        request: { type: 'act', action },
      },
    ]);
    expect(await browser.ask({ type: 'act', laneId: 'lane-9', action })).toMatchObject({ error: { code: 'laneAway' } });
    expect(await browser.ask({ type: 'signOut' })).toEqual(done);
    expect(await browser.ask({ type: 'act', laneId: 'lane-1', action })).toMatchObject({
      error: { code: 'signInNeeded' },
    });
  }, 30_000);

  test('a release is vouched for as freshly proved once, and not again on the same proof', async () => {
    const browser = openBrowser();
    expect(await browser.ask({ type: 'signIn', officer: 'EX001', pin: PINS.own, newPin: null })).toEqual(done);
    const recordId = '6f1ad1de-91f5-4a4c-9c8c-3f8b4b7d2d11';
    const action = { type: 'releaseReferral', recordId, reasonCode: 'identityConfirmed' } as const;
    const release = () => browser.ask({ type: 'act', laneId: 'lane-1', action });
    actions.length = 0;
    await release();
    expect(await browser.ask({ type: 'authenticate', pin: '999111' })).toMatchObject({
      error: { code: 'credentialsWrong' },
    });
    expect(await browser.ask({ type: 'authenticate', pin: PINS.own })).toEqual(done);
    const same = { type: 'secondOfficer', officer: 'EX001', pin: PINS.own, recordId } as const;
    expect(await browser.ask(same)).toMatchObject({ error: { code: 'samePerson' } });
    await release();
    await release();
    // The lane refuses what is not vouched for (`freshAuthenticationNeeded`).
    expect(actions.map(({ fresh }) => fresh)).toEqual([undefined, true, undefined]);
    expect(actions.every(({ second }) => second === null)).toBe(true);
    actions.length = 0;
  }, 30_000);

  test('a technician who proves again who they are changes the rules; lanes get them, and two at once do not overwrite', async () => {
    const browser = openBrowser();
    const path = '/console/v1/documents/rules/exit.json';
    const body = { basedOn: 0, content: { version: 'exit-2' } };
    await browser.ask({ type: 'signIn', officer: 'TE001', pin: PINS.first, newPin: PINS.own });
    expect((await browser.send('PUT', path, body)).status).toBe(403);
    expect(await browser.ask({ type: 'authenticate', pin: PINS.own })).toEqual(done);
    const arrived = new Promise<void>((resolve) => {
      gotDocument = resolve;
    });
    expect((await browser.send('PUT', path, body)).json()).toEqual({ version: 1 });
    await arrived;
    expect(documents).toMatchObject([
      { kind: 'rules', name: 'exit.json', version: 1, changedBy: 'TE001', content: body.content },
    ]);
    // One proof, one change; and a version that is not the newest is refused.
    expect((await browser.send('PUT', path, { ...body, basedOn: 1 })).status).toBe(403);
    await browser.ask({ type: 'authenticate', pin: PINS.own });
    expect((await browser.send('PUT', path, body)).status).toBe(409);
  }, 30_000);

  test('the audit log of the port and its charts can be asked for by those who may', async () => {
    const browser = openBrowser();
    await browser.ask({ type: 'signIn', officer: 'EX001', pin: PINS.own, newPin: null });
    const period = { from: '2020-01-01T00:00:00.000Z', to: '2099-01-01T00:00:00.000Z' };
    expect(await browser.ask({ type: 'charts', query: { ...period, laneId: null } })).toMatchObject({ ok: true });
    const search = { ...period, document: null, laneId: null, states: [], before: null };
    expect(await browser.ask({ type: 'search', query: search })).toMatchObject({ ok: true, value: { records: [] } });
    const audit = { ...period, laneId: null, events: [], severities: [], before: null };
    expect(await browser.ask({ type: 'audit', query: audit })).toMatchObject({ error: { code: 'notAllowed' } });
  }, 30_000);
});
