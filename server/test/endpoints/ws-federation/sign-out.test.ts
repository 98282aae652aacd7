import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import type { TestBrowser } from '../../sign-in/test-browser.ts';
import { posted, replyAddress, WsFederationHub } from './ws-federation-hub.ts';

onEachDatabase((database) => {
  /** A browser in which somebody is signed in at two applications. */
  const signedIn = async () => {
    const hub = await new WsFederationHub(database).begin();
    await hub.staff('marge');
    await hub.application();
    const signOutAddresses = [{ binding: 'redirect', location: 'https://other.example/out?x=1' }] as const;
    const replyAddresses = [{ binding: 'post', location: 'https://other.example/in', index: 0 }] as const;
    await hub.application({ identifier: 'urn:other', signOutAddresses, replyAddresses });
    const browser = hub.browser();
    for (const wtrealm of ['urn:app', 'urn:other']) {
      await hub.signOn(browser, `marge@${hub.tenant.name}.onmicrosoft.com`, { wtrealm });
      posted(browser);
    }
    return { hub, browser };
  };
  const frames = ({ page }: TestBrowser) =>
    [...page.text.matchAll(/<iframe src="([^"]*)"/g)]
      .map(([, address = '']) => address.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))))
      .sort();
  const isSignedIn = async (hub: WsFederationHub, browser: TestBrowser) => {
    await browser.open(hub.passive());
    return !/name="password"/.test(browser.page.text);
  };

  for (const wa of ['wsignout1.0', 'wsignoutcleanup1.0']) {
    test(`WS-Federation 1.2 13.2.4: ${wa} ends the session, and every application is told`, async () => {
      const { hub, browser } = await signedIn();
      await browser.open(hub.passive({ wa, wreply: replyAddress }));
      assert.deepEqual(frames(browser), [
        `${replyAddress}?wa=wsignoutcleanup1.0`,
        'https://other.example/out?x=1&wa=wsignoutcleanup1.0',
      ]);
      const policy = String(browser.page.headers['content-security-policy']);
      const [, framed = ''] = policy.split('frame-src ');
      assert.deepEqual(framed.split(' ').sort(), ['https://app.example', 'https://other.example']);
      assert.ok(browser.page.text.includes(`href="${replyAddress}"`));
      assert.equal(await isSignedIn(hub, browser), false);
    });
  }

  test('without a session the browser goes on to the registered address at once', async () => {
    const { hub } = await signedIn();
    const browser = hub.browser();
    await browser.open(hub.passive({ wa: 'wsignout1.0', wreply: replyAddress }));
    assert.deepEqual([browser.page.status, browser.page.headers['location']], [303, replyAddress]);
  });

  test('a sign-out that names no realm goes on to an address of an application that was used', async () => {
    const { hub, browser } = await signedIn();
    const query = new URLSearchParams({ wa: 'wsignout1.0', wreply: 'https://other.example/in' });
    await browser.open(`/${hub.tenant.id}/wsfed?${query}`);
    assert.ok(browser.page.text.includes('href="https://other.example/in"'), browser.page.text);
  });

  test('nothing leads on to an address that is not registered', async () => {
    for (const wreply of ['https://evil.example/', `${replyAddress}/more`, 'javascript:alert(1)']) {
      const { hub, browser } = await signedIn();
      await browser.open(hub.passive({ wa: 'wsignout1.0', wreply }));
      assert.deepEqual([browser.page.status, browser.page.headers['location']], [200, undefined]);
      assert.ok(!browser.page.text.includes(wreply), browser.page.text);
      assert.equal(await isSignedIn(hub, browser), false);
    }
  });
});
