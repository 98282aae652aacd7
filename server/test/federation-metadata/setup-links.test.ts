import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setupLinkRoutes } from '../../src/endpoints/index.ts';
import { outboundFetch } from '../../src/outbound/index.ts';
import { makeCertificate } from '../applications/certificate.ts';
import { onEachDatabase } from '../databases.ts';
import { openGraphApi } from '../management/graph/graph-api.ts';
import { TestBrowser } from '../sign-in/test-browser.ts';
import { MetadataServer, providerMetadata } from './metadata-server.ts';

const certificate = (await makeCertificate({ notAfter: new Date('2040-01-01') })).der.toString('base64');
const metadata = providerMetadata({ certificates: [certificate] });
const day = 86_400_000;
const unasked = async () => assert.fail('no provider is asked');
const nobody = { begin: unasked, complete: unasked, prove: unasked, describe: unasked, checkUnsolicited: unasked };

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage, randomUUID());
  const published = new MetadataServer();
  before(() => published.start());
  after(() => published.stop());

  /** An administrator here, and a browser there with the link. */
  async function invited(given: object = {}) {
    const { admin, tenantId } = await api.makeTenant();
    const decided = { id: 'Partner', displayName: 'Partner Inc.', domains: ['partner.example'], createsUsers: true };
    const body = { identityProviderType: 'SAML', ...decided, ...given };
    const made = await api.call(admin, 'POST /identity/setupLinks', body);
    assert.equal(made.status, 201, made.body.error?.message);
    let now = Date.now();
    const routes = setupLinkRoutes({
      storage,
      fetchMetadata: outboundFetch(['127.0.0.1']),
      publicUrl: new URL('https://hub.example'),
      upstream: nobody,
      now: () => new Date(now),
      newId: randomUUID,
      newSecret: randomUUID,
    });
    const { pathname } = new URL(made.body.address);
    const browser = new TestBrowser(routes);
    return {
      admin,
      tenantId,
      link: made.body,
      path: pathname,
      browser,
      other: new TestBrowser(routes),
      pass: (milliseconds: number) => {
        now += milliseconds;
      },
      provider: async () => (await api.call(admin, 'GET /identity/identityProviders/Partner')).body,
    };
  }

  test('an administrator elsewhere sees our values, gives metadata, and the trust is as it was decided here', async () => {
    const { browser, path, tenantId, provider, admin } = await invited();
    assert.equal((await browser.open(path)).status, 200);
    assert.match(browser.page.text, new RegExp(`https://hub.example/${tenantId}/federation/Partner`));
    assert.match(browser.page.text, new RegExp(`https://hub.example/${tenantId}/<`));
    const done = await browser.submit({ metadata }, 'submit');
    assert.equal(done.status, 200, done.text);
    assert.equal((await provider()).isEnabled, false);
    assert.match((await browser.submit({}, 'enable')).text, /now trusts urn:partner/);
    const { issuer, displayName, domains, createsUsers, saml, isEnabled } = await provider();
    assert.equal(isEnabled, true);
    assert.deepEqual(
      [issuer, displayName, domains, createsUsers, saml.signingCertificates],
      ['urn:partner', 'Partner Inc.', ['partner.example'], true, [certificate]],
    );
    const { body } = await api.call(admin, 'GET /auditLogs/directoryAudits?$top=100');
    const verbs = body.value.map((event: { activityDisplayName: string }) => event.activityDisplayName);
    for (const verb of ['create_setup_link', 'fill_setup_link', 'use_setup_link', 'create']) {
      assert.ok(verbs.includes(`identityProvider.${verb}`), `${verbs} has ${verb}`);
    }
  });

  test('a link is good once, as long as it was said, and never in another tenant', async () => {
    const first = await invited();
    await first.other.open(first.path);
    await first.browser.open(first.path);
    await first.browser.submit({ metadata }, 'submit');
    assert.match(
      (await first.other.submit({ metadata }, 'submit')).text,
      /Try Partner Inc/,
      'it is as the first left it',
    );
    await first.browser.submit({}, 'enable');
    assert.equal((await first.browser.open(first.path)).status, 404);

    const second = await invited({ expiresInDays: 2 });
    assert.equal((await second.browser.open(second.path.replace(second.tenantId, first.tenantId))).status, 404);
    second.pass(2 * day - 60_000);
    assert.equal((await second.browser.open(second.path)).status, 200);
    second.pass(120_000);
    assert.equal((await second.browser.submit({ metadata }, 'submit')).status, 404);
    assert.equal((await second.provider()).error.code, 'Request_ResourceNotFound');
  });

  test('of two who use it at once, one does', async () => {
    const { browser, other, path } = await invited();
    await browser.open(path);
    await browser.submit({ metadata }, 'submit');
    await other.open(path);
    const answers = await Promise.all([browser, other].map((each) => each.submit({}, 'enable')));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 404]);
  });

  test('metadata from an address are followed; what is wrong is said, and the link stays', async () => {
    const { browser, path, provider } = await invited();
    await browser.open(path);
    for (const [fields, problem] of [
      [{}, /one of both/],
      [{ address: published.url, metadata }, /one of both/],
      [{ metadata: '<html/>' }, /does not work yet/],
      [{ metadata: `<!DOCTYPE a>${metadata}` }, /does not work yet/],
      [{ metadata: providerMetadata({}) }, /no certificate/],
      [{ address: 'http://partner.example/metadata' }, /does not work yet/],
      [{ address: 'https://10.0.0.1/metadata' }, /does not work yet/],
    ] as const) {
      const { status, text } = await browser.submit({ address: '', metadata: '', ...fields }, 'submit');
      assert.equal(status, 400);
      assert.match(text, problem);
    }
    Object.assign(published, { text: metadata, status: 200 });
    assert.equal((await browser.submit({ address: published.url, metadata: '' }, 'submit')).status, 200);
    assert.equal((await provider()).metadataSource.url, published.url);
  });

  test('a link can be taken back, and is made for new trusts only', async () => {
    const { admin, browser, path, link } = await invited();
    assert.equal((await api.call(admin, `DELETE /identity/setupLinks/${link.id}`)).status, 204);
    assert.equal((await browser.open(path)).status, 404);
    const again = { id: 'Partner', displayName: 'Partner', identityProviderType: 'SAML' };
    await api.call(admin, 'POST /identity/identityProviders', { ...again, metadata });
    const { status, body } = await api.call(admin, 'POST /identity/setupLinks', again);
    assert.equal(status, 409, body.error?.message);
  });
});
