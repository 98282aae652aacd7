import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestedSignIn, Session, SignIn, SignInResult } from '../../sign-in/index.ts';
import { type CodePlace, customerFlow, firstProgress } from '../../user-flows/index.ts';
import type { OpenedDatabase } from './database.ts';

const now = new Date('2026-03-01T10:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

const requested: RequestedSignIn = {
  application: { id: 'sp', appId: 'app', displayName: 'App' },
  flow: null,
  prompts: [],
  maxAgeSeconds: null,
  loginHint: null,
  domainHint: null,
  uiLocales: [],
  contexts: [],
  mustReachContext: false,
  scopes: [],
  userId: null,
};

function signIn(id: string, secret: string | null = null): SignIn {
  return {
    id,
    requested,
    answerWith: { endpoint: 'oauth', returnTo: '/back', state: '' },
    browserDigest: 'browser',
    progress: {
      ...firstProgress,
      factors: [{ method: 'password', at: now }],
      trace: [{ step: 'password', at: now }],
      secret,
    },
    shown: { problems: [], typed: { signedAt: 'typed' }, note: null },
    createdAt: now,
    expiresAt: later(60),
    version: 1,
  };
}

function session(id: string, userId: string, validUntil = later(60)): Session {
  return {
    id,
    userId,
    factors: [{ method: 'password', at: now }],
    createdAt: now,
    lastUsedAt: now,
    validUntil,
    endsAt: later(600),
    isKept: true,
    address: '192.0.2.1',
    userAgent: 'Test',
  };
}

/** What the stores of flows, sign-ins and sessions must do. */
export function signInConformance({ engine, storage }: OpenedDatabase): void {
  const result: SignInResult = {
    requested,
    answerWith: signIn('x').answerWith,
    outcome: { outcome: 'refused', reason: 'access_denied' },
  };

  test('a flow is found by its name in any case, and only in its tenant', async () => {
    const flow = { ...customerFlow, name: 'B2C_1_SignIn', type: 'signIn' } as const;
    await storage.write(({ flows }) => flows.save('flows-1', flow, new Date(0)));
    assert.deepEqual(await storage.read.flows.find('flows-1', 'b2c_1_signin'), flow);
    assert.equal(await storage.read.flows.find('flows-2', flow.name), undefined);
    await storage.write(({ flows }) => flows.save('flows-1', { ...flow, type: 'signUp' }, new Date(0)));
    assert.deepEqual(
      (await storage.read.flows.list('flows-1')).map(({ type }) => type),
      ['signUp'],
    );
    assert.equal(await storage.write(({ flows }) => flows.remove('flows-2', flow.name, new Date(0))), false);
    assert.equal(await storage.write(({ flows }) => flows.remove('flows-1', 'B2C_1_SIGNIN', new Date(0))), true);
  });

  test('a sign-in comes back as it was kept, with its secret sealed', async () => {
    const kept = signIn('sealed', 'the seed');
    await storage.write(({ signIns }) => signIns.insert('sign-ins', kept));
    assert.deepEqual(await storage.read.signIns.find('sign-ins', 'sealed'), kept);
    assert.equal(await storage.read.signIns.find('another', 'sealed'), undefined);
    const row = await engine.reader
      .selectFrom('sign_in')
      .selectAll()
      .where('id', '=', 'sealed')
      .executeTakeFirstOrThrow();
    assert.ok(!JSON.stringify(row).includes('the seed'));
  });

  test('of changes of a sign-in that happen at once exactly one is kept', async () => {
    await storage.write(({ signIns }) => signIns.insert('sign-ins', signIn('raced')));
    const next = { ...signIn('raced'), version: 2 };
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => storage.write(({ signIns }) => signIns.update('sign-ins', next))),
    );
    assert.equal(tries.filter(Boolean).length, 1);
    const ends = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        storage.write(({ signIns }) => signIns.complete('sign-ins', next, `raced-${index}`, result, later(60))),
      ),
    );
    assert.equal(ends.filter(Boolean).length, 1);
    assert.equal(await storage.read.signIns.find('sign-ins', 'raced'), undefined);
  });

  test('bad-inputs 20: of 8 who fetch a result at once exactly one gets it', async () => {
    await storage.write(async ({ signIns }) => {
      await signIns.insert('sign-ins', signIn('fetched'));
      await signIns.complete('sign-ins', signIn('fetched'), 'digest', result, later(60));
    });
    const take = (browser: string, at: Date, tenantId = 'sign-ins') =>
      storage.write(({ signIns }) => signIns.takeResult(tenantId, 'digest', browser, at));
    assert.equal(await take('another browser', now), undefined);
    assert.equal(await take('browser', later(60)), undefined);
    assert.equal(await take('browser', now, 'another tenant'), undefined);
    const taken = await Promise.all(Array.from({ length: 8 }, () => take('browser', now)));
    assert.deepEqual(
      taken.filter((found) => found !== undefined),
      [result],
    );
  });

  test('a session is found by its secret until it ends', async () => {
    const kept = session('session-1', 'user-1');
    await storage.write(({ sessions }) => sessions.insert('sessions', kept, 'first'));
    assert.deepEqual(await storage.read.sessions.findBySecret('sessions', 'first', now), kept);
    assert.equal(await storage.read.sessions.findBySecret('others', 'first', now), undefined);
    assert.equal(await storage.read.sessions.findBySecret('sessions', 'first', later(60)), undefined);
    const renewed = { ...kept, validUntil: later(120) };
    await storage.write(({ sessions }) => sessions.update('sessions', renewed, 'second'));
    assert.equal(await storage.read.sessions.findBySecret('sessions', 'first', now), undefined);
    await storage.write(({ sessions }) => sessions.update('sessions', renewed));
    assert.deepEqual(await storage.read.sessions.findBySecret('sessions', 'second', later(60)), renewed);
  });

  test('of several processes one puts a logout notice off, and each tenant has its own', async () => {
    const notice = { applicationId: 'sp', issuer: 'i', userId: 'u', sessionId: 's', tries: 0, dueAt: now };
    await storage.write(async ({ logoutNotices }) => {
      for (const tenantId of ['notices', 'others']) await logoutNotices.add(tenantId, { ...notice, id: 'n' });
    });
    const ours = async (at: Date) =>
      (await storage.read.logoutNotices.listDue(at, 100)).filter(({ tenantId }) => tenantId === 'notices');
    assert.deepEqual(await ours(later(-1)), []);
    const [due] = await ours(now);
    assert.deepEqual(due, { ...notice, tenantId: 'notices', id: 'n' });
    const next = { tries: 1, dueAt: later(60) };
    const postpone = () => storage.write(({ logoutNotices }) => logoutNotices.postpone(due ?? assert.fail(), next));
    const won = await Promise.all([postpone(), postpone(), postpone()]);
    assert.deepEqual(won.toSorted(), [false, false, true]);
    assert.deepEqual(await ours(now), []);
    assert.deepEqual(
      (await ours(later(60))).map(({ tries }) => tries),
      [1],
    );
    await storage.write(({ logoutNotices }) => logoutNotices.remove('notices', 'n'));
    assert.deepEqual(await ours(later(60)), []);
    await storage.write(({ logoutNotices }) => logoutNotices.remove('others', 'n'));
  });

  test('a session knows each application that it was used for once', async () => {
    await storage.write(async ({ sessions }) => {
      await sessions.insert('sessions', session('session-2', 'user-2'), null);
      for (const [flow, seconds] of [
        [null, 0],
        ['B2C_1_x', 5],
        [null, 10],
      ] as const) {
        await sessions.addApplication('sessions', 'session-2', {
          applicationId: 'sp',
          flow,
          issuer: 'https://hub.example/t/v2.0',
          lastAt: later(seconds),
        });
      }
    });
    const participation = { protocol: 'saml', state: '{}' };
    const again = { applicationId: 'sp', flow: 'B2C_1_x', issuer: 'https://hub.example/t/v2.0', lastAt: later(20) };
    await storage.write(async ({ sessions }) => {
      await sessions.participate('others', 'session-2', again, { protocol: 'other', state: '' });
      await sessions.participate('sessions', 'session-2', again, participation);
      await sessions.addApplication('sessions', 'session-2', again);
    });
    assert.deepEqual(await storage.read.sessions.listApplications('sessions', 'session-2'), [
      { ...again, flow: null, lastAt: later(10), participation: null },
      { ...again, participation },
    ]);
    assert.equal(await storage.write(({ sessions }) => sessions.remove('others', 'session-2')), false);
    assert.equal(await storage.write(({ sessions }) => sessions.remove('sessions', 'session-2')), true);
    assert.deepEqual(await storage.read.sessions.listApplications('sessions', 'session-2'), []);
  });

  test('sessions are found by the names under which applications and identity providers know their people', async () => {
    const federated = {
      provider: 'Home',
      context: 'singleFactor',
      authenticatedAt: now,
      claims: [],
      session: { key: 'key of marge', sessionKey: 'key of her session', state: '{}' },
    } as const;
    const came = { ...session('named-1', 'user-3'), factors: [{ method: 'federated', at: now, federated } as const] };
    const application = { applicationId: 'sp', flow: null, issuer: null, lastAt: now };
    await storage.write(async ({ sessions }) => {
      await sessions.insert('sessions', came, null);
      await sessions.insert('sessions', session('named-2', 'user-3'), null);
      for (const id of ['named-1', 'named-2']) {
        await sessions.addApplication('sessions', id, application);
        await sessions.participate('sessions', id, application, { protocol: 'saml', state: '' }, 'name of marge');
      }
    });
    const { sessions } = storage.read;
    const named = async (applicationId: string, key: string, at = now) =>
      (await sessions.listNamed('sessions', applicationId, key, at)).map(({ id }) => id);
    assert.deepEqual(await named('sp', 'name of marge'), ['named-1', 'named-2']);
    assert.deepEqual(await named('other', 'name of marge'), []);
    assert.deepEqual(await named('sp', 'name of homer'), []);
    assert.deepEqual(await named('sp', 'name of marge', later(100_000)), []);
    assert.deepEqual(await sessions.listNamed('others', 'sp', 'name of marge', now), []);
    assert.deepEqual(await sessions.listOfUpstream('sessions', 'key of marge', now), [came]);
    assert.deepEqual(await sessions.listOfUpstream('sessions', 'key of her session', now), [came]);
    assert.deepEqual(await sessions.listOfUpstream('others', 'key of marge', now), []);
    assert.deepEqual(await sessions.listOfUpstream('sessions', 'key of marge', later(100_000)), []);
  });

  test('a trace is found by its own id and by that of its sign-in, in its tenant', async () => {
    const trace = {
      id: 'trace',
      at: now,
      protocol: 'saml',
      signInId: null,
      applicationId: 'sp',
      request: '<a/>',
      trust: { identifier: 'urn:app' },
      checks: [{ check: 'message.time', spec: 'SAML Core 3.2.1', hasPassed: false, detail: 'late' }],
      authorization: null,
      issuance: { rules: [] },
      token: null,
    };
    const later = { ...trace, signInId: 'sign-in', token: '<token/>' };
    for (const one of [trace, later]) {
      await storage.write(({ signInTraces }) => signInTraces.save('traces', one));
      assert.deepEqual(await storage.read.signInTraces.find('traces', 'trace'), one);
    }
    assert.deepEqual(await storage.read.signInTraces.find('traces', 'sign-in'), later);
    assert.equal(await storage.read.signInTraces.find('others', 'trace'), undefined);
    const prune = (before: Date) => storage.write(({ signInTraces }) => signInTraces.prune('traces', before, 10));
    assert.equal(await prune(now), 0);
    assert.equal(await prune(new Date(now.getTime() + 1)), 1);
    assert.equal(await storage.read.signInTraces.find('traces', 'trace'), undefined);
  });

  test('attempts that are counted at once are all counted', async () => {
    await Promise.all(
      Array.from({ length: 8 }, () =>
        storage.write(async ({ attempts }) => {
          const kept = await attempts.claim('attempts', ['a', 'b']);
          const counted = { count: (kept.get('a')?.count ?? 0) + 1, lastAt: now };
          await attempts.save('attempts', new Map([['a', counted]]), later(60));
        }),
      ),
    );
    const kept = await storage.write(({ attempts }) => attempts.claim('attempts', ['a', 'b']));
    assert.deepEqual([...kept], [['a', { count: 8, lastAt: now }]]);
    await storage.write(({ attempts }) => attempts.remove('attempts', ['a']));
    assert.equal((await storage.write(({ attempts }) => attempts.claim('attempts', ['a']))).size, 0);
  });

  test('attempts under several keys are kept and removed together, and no others', async () => {
    const [few, many, others] = [1, 2, 3].map((count) => ({ count, lastAt: now }));
    assert.ok(few && many && others);
    const all = new Map([
      ['a', few],
      ['b', many],
      ['c', others],
    ]);
    await storage.write(({ attempts }) => attempts.save('several', all, later(60)));
    await storage.write(({ attempts }) => attempts.save('several', new Map([['a', many]]), later(60)));
    await storage.write(({ attempts }) => attempts.save('several', new Map(), later(60)));
    const claim = () => storage.write(({ attempts }) => attempts.claim('several', ['a', 'b', 'c', 'd']));
    assert.deepEqual(new Map(await claim()), new Map([...all, ['a', many]]));
    await storage.write(({ attempts }) => attempts.remove('several', ['a', 'c', 'd']));
    await storage.write(({ attempts }) => attempts.remove('several', []));
    assert.deepEqual([...(await claim())], [['b', many]]);
  });

  test('a code is good once, in time, in its place, and after few tries', async () => {
    const place = { tenantId: 'codes', signInId: 'sign-in', purpose: 'email' } as const;
    const save = (digest: string | null) =>
      storage.write(({ oneTimeCodes }) => oneTimeCodes.save(place, digest, later(60)));
    const redeem = (digest: string, at = now, where: CodePlace = place) =>
      storage.write(({ oneTimeCodes }) => oneTimeCodes.redeem(where, digest, 5, at));
    await save('right');
    assert.equal(await redeem('right', later(60)), false);
    assert.equal(await redeem('right', now, { ...place, purpose: 'sms' }), false);
    assert.equal(await redeem('right', now, { ...place, signInId: 'another' }), false);
    assert.equal(await redeem('right', now, { ...place, tenantId: 'another' }), false);
    const tries = await Promise.all(Array.from({ length: 5 }, () => redeem('right')));
    assert.equal(tries.filter(Boolean).length, 1);

    await save('right');
    for (let count = 0; count < 5; count++) assert.equal(await redeem('wrong'), false);
    assert.equal(await redeem('right'), false);
    await save('another');
    assert.equal(await redeem('right'), false);
    assert.equal(await redeem('another'), true);
    await save(null);
    assert.equal(await redeem(''), false);
  });

  test('a browser is known for one user of one tenant, until it is forgotten', async () => {
    await storage.write(({ knownBrowsers }) => knownBrowsers.remember('browsers', 'user', 'digest', later(10)));
    const has = (tenantId: string, userId: string, at: Date) =>
      storage.read.knownBrowsers.has(tenantId, userId, 'digest', at);
    assert.equal(await has('browsers', 'user', now), true);
    assert.equal(await has('browsers', 'user', later(10)), false);
    assert.equal(await has('browsers', 'other', now), false);
    assert.equal(await has('other', 'user', now), false);
  });

  test('what has expired is removed, and nothing else', async () => {
    await storage.write(async ({ sessions, signIns, expired }) => {
      await sessions.insert('expiry', session('old', 'user', later(10)), 'old');
      await sessions.insert('expiry', session('new', 'user', later(30)), 'new');
      for (const id of ['old', 'new']) {
        await sessions.addApplication('expiry', id, { applicationId: 'sp', flow: null, issuer: null, lastAt: now });
      }
      await signIns.insert('expiry', signIn('kept'));
      await expired.remove(later(10));
    });
    const count = async (table: 'session' | 'session_application' | 'sign_in') =>
      (await engine.reader.selectFrom(table).select('tenant_id').where('tenant_id', '=', 'expiry').execute()).length;
    assert.deepEqual([await count('session'), await count('session_application'), await count('sign_in')], [1, 1, 1]);
    await storage.write(({ expired }) => expired.remove(later(60)));
    assert.deepEqual([await count('session'), await count('session_application'), await count('sign_in')], [0, 0, 0]);
  });
}
