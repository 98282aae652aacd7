import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { actorClaimType } from '@countersign/ws-federation';
import type { XmlElement } from '@countersign/xml';
import { type RelyingPartyInput, saveRelyingParty, updateServicePrincipal } from '../../../src/applications/index.ts';
import { updateUser } from '../../../src/directory/index.ts';
import type { OpenedDatabase } from '../../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../../databases.ts';
import { realm, WsFederationHub } from '../ws-federation/ws-federation-hub.ts';
import { faultIn, Program, tokenIn } from './program.ts';

const orders = 'urn:orders';
const stock = 'urn:stock';

/** A person's token for the application `orders`, which may act for people at `realm`. */
async function start(database: OpenedDatabase, ofActor: Partial<RelyingPartyInput> = {}, ofTarget = {}) {
  const hub = await new WsFederationHub(database).begin();
  const userId = await hub.staff('marge', { mail: 'marge@x.example' });
  const acting = { identifier: orders, isPasswordRequestAllowed: true, isActingAllowed: true, ...ofActor };
  const actor = await hub.registered(acting);
  const target = await hub.registered({ actors: [orders], ...ofTarget });
  const program = new Program(hub);
  const received = tokenIn(await program.ask({ appliesTo: orders }));
  const act = (token: XmlElement = received, as: 'ActAs' | 'OnBehalfOf' = 'ActAs', asked = {}) =>
    program.ask({ username: actor.appId, password: actor.secret, delegation: { as, token }, ...asked });
  const verified = async (answer: Awaited<ReturnType<typeof act>>, audience = realm) => {
    const document = tokenIn(answer);
    return { document, ...(await hub.verified({ document, token: document }, undefined, audience)) };
  };
  return { hub, userId, actor, target, program, received, act, verified };
}

onEachDatabase((database) => {
  test('WS-Trust 1.4 9.3: an application acts as a person whose token it got, and the new token says so', async () => {
    for (const tokenKind of ['saml11', 'saml20'] as const) {
      const { hub, userId, actor: acting, target, act, verified } = await start(database, {}, { tokenKind });
      const { subject, claims } = await verified(await act());
      assert.equal(subject?.value, 'marge@x.example');
      const [actor, ...others] = claims.filter(({ type }) => type === actorClaimType);
      assert.equal(others.length, 0);
      assert.match(actor?.values[0] ?? '', /^<Actor>.*>urn:orders<.*<\/Actor>$/);
      const events = await hub.storage.read.signInEvents.list(hub.tenant.id, {}, 10);
      const event = events.find(({ steps }) => steps.some(({ step }) => step === 'actor'));
      assert.deepEqual([event?.userId, event?.outcome], [userId, 'success']);
      assert.deepEqual([event?.applicationId, event?.actor?.appId], [target.id, acting.appId]);
      assert.equal(events.filter((one) => one.actor !== null).length, 1, 'nobody acted in the sign-in before');
    }
  });

  test('WS-Trust 1.3 9.1: on behalf of a person, the token speaks of nobody else', async () => {
    const { received, act, verified } = await start(database);
    const { subject, claims } = await verified(await act(received, 'OnBehalfOf'));
    assert.equal(subject?.value, 'marge@x.example');
    assert.ok(claims.every(({ type }) => type !== actorClaimType));
  });

  test('the rules of the application see who acts, and may permit one and not the other', async () => {
    const permitted = (name: string) =>
      `EXISTS([Type == "${actorClaimType}", Value == "${name}", Issuer == "AD AUTHORITY"]) => issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");`;
    for (const as of ['ActAs', 'OnBehalfOf'] as const) {
      const good = await start(database, {}, { authorizationRules: permitted(orders) });
      assert.equal((await good.act(good.received, as)).status, 200);
      const bad = await start(database, {}, { authorizationRules: permitted(stock) });
      assert.equal(faultIn(await bad.act(bad.received, as)), 'FailedAuthentication');
    }
  });

  test('who acts for somebody who acts says both, the last one first', async () => {
    const { hub, target, act, verified } = await start(database, {}, { isActingAllowed: true });
    await hub.registered({ identifier: stock, actors: [realm] });
    const { document: token } = await verified(await act());
    const asTarget = { username: target.appId, password: target.secret, appliesTo: stock };
    const { claims } = await verified(await act(token, 'ActAs', asTarget), stock);
    const [text = ''] = claims.find(({ type }) => type === actorClaimType)?.values ?? [];
    assert.match(text, /^<Actor>.*>urn:app<.*urn:orders.*<\/Actor>$/);
  });

  describe('WS-Trust 1.3 9.1: nobody acts', () => {
    const refused = (
      what: string,
      subcode: string,
      work: (given: Awaited<ReturnType<typeof start>>) => Promise<{ status: number; text: string }>,
      ...change: [Partial<RelyingPartyInput>?, Partial<RelyingPartyInput>?]
    ) =>
      test(what, async () => {
        assert.equal(faultIn(await work(await start(database, ...change))), subcode);
      });

    refused('who has no secret of an application', 'FailedAuthentication', ({ act }) =>
      act(undefined, 'ActAs', { password: 'csec_wrong' }),
    );
    refused('who is a person', 'FailedAuthentication', ({ program, received }) =>
      program.ask({ delegation: { as: 'ActAs', token: received } }),
    );
    refused(
      'at an application that does not name the actor',
      'RequestFailed',
      ({ act }) => act(),
      {},
      { actors: [stock] },
    );
    refused('who may not at all', 'RequestFailed', ({ act }) => act(), { isActingAllowed: false });
    refused('with a token for another application', 'RequestFailed', async ({ hub, program, act }) => {
      await hub.registered({ identifier: stock, isPasswordRequestAllowed: true, isActingAllowed: true });
      return act(tokenIn(await program.ask({ appliesTo: stock })));
    });
    refused('with a token whose signature is of another tenant', 'RequestFailed', async ({ act }) =>
      act((await start(database)).received),
    );
    refused('with a token whose time is over', 'RequestFailed', ({ hub, act }) => {
      hub.pass(3_700);
      return act();
    });
    refused('for somebody whose account was disabled since', 'RequestFailed', async ({ hub, userId, act }) => {
      await hub.storage.write((stores) => updateUser(stores, hub.act(), userId, { accountEnabled: false }));
      return act();
    });
    const tooLate = async ({ hub, actor, act }: Awaited<ReturnType<typeof start>>) => {
      const change = { protocol: 'wsFederation', identifier: orders, isActingAllowed: true } as const;
      await hub.storage.write((stores) => saveRelyingParty(stores, hub.act(), actor.id, change));
      return act();
    };
    const before = { isActingAllowed: false };
    refused('with a token that was issued before it was allowed', 'RequestFailed', tooLate, before);
  });

  test('nobody acts at an application that takes people of other identity providers', async () => {
    for (const [identityProviders, isTaken] of [
      [['Company'], false],
      [['Company', 'local'], true],
    ] as const) {
      const { hub, target, act } = await start(database);
      const restriction = { identityProviders: [...identityProviders] };
      await hub.storage.write((stores) => updateServicePrincipal(stores, hub.act(), target.id, restriction));
      const answer = await act();
      const events = await hub.storage.read.signInEvents.list(hub.tenant.id, {}, 10);
      const event = events.find(({ actor }) => actor !== null);
      assert.equal(answer.status, isTaken ? 200 : 500, answer.text);
      assert.deepEqual([event?.failure, event?.applicationId], [isTaken ? null : 'login_required', target.id]);
    }
  });

  test('SAML 2.0 applications act for nobody, and nobody acts at them', async () => {
    const hub = await new WsFederationHub(database).begin();
    for (const change of [{ isActingAllowed: true }, { isTokenRequestAllowed: true }, { actors: [orders] }]) {
      const saving = hub.application({ protocol: 'saml', tokenKind: 'saml20', ...change });
      await assert.rejects(saving, { code: 'applications.relying_party_invalid' });
    }
  });

  test('a trace tells who asked for what, and holds no token that somebody could use', async () => {
    const { hub, act } = await start(database);
    const { requestId } = await act();
    const trace = await hub.storage.read.signInTraces.find(hub.tenant.id, requestId);
    assert.match(trace?.request ?? '', /ActAs/);
    assert.equal(trace?.checks.at(-1)?.check, 'trust.delegation');
    assert.doesNotMatch(JSON.stringify(trace), /SignatureValue|csec_/);
  });
});
