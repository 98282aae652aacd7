import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  contrast,
  getBranding,
  noBranding,
  parseFrame,
  removeBranding,
  saveBranding,
} from '../../src/branding/index.ts';
import { brandRoutes } from '../../src/endpoints/index.ts';
import { Refusal } from '../../src/refusal.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey } from '../sign-in/journey.ts';

const plain = { name: 'B2C_1_SignIn', type: 'signUpOrSignIn' } as const;
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>').toString('base64');
const logo = { contentType: 'image/svg+xml', data: svg } as const;
const refusedWith = (problem: RegExp) => (error: unknown) =>
  error instanceof Refusal && error.code === 'branding.invalid' && problem.test(String(error.details['problem']));

onEachDatabase((database) => {
  const { storage } = database;

  test('a tenant that has chosen nothing has our look, and keeps what it changes', async () => {
    const journey = await new Journey(database).begin(plain);
    const { id } = journey.tenant;
    assert.deepEqual(await getBranding(storage.read, id), noBranding);
    const colours = { accent: '#7a1f5c', background: '#f7f2f5' };
    await storage.write((stores) => saveBranding(stores, journey.act(), { colours, logo }));
    await storage.write((stores) => saveBranding(stores, journey.act(), { corners: 'square' }));
    assert.deepEqual(await getBranding(storage.read, id), { ...noBranding, colours, logo, corners: 'square' });
    const events = await storage.read.audit.list(id, {}, 10);
    const saved = events.filter(({ verb }) => verb === 'branding.save').map(({ changes }) => changes);
    assert.deepEqual(saved.map((changes) => changes.map(({ property }) => property).join()).sort(), [
      'colours,logo',
      'corners',
    ]);
    assert.equal(await storage.write((stores) => removeBranding(stores, journey.act())), true);
    assert.deepEqual(await getBranding(storage.read, id), noBranding);
  });

  test('the pages of a sign-in show the look of their tenant, and load it from our origin only', async () => {
    const journey = await new Journey(database).begin(plain);
    await storage.write((stores) =>
      saveBranding(stores, journey.act(), {
        colours: { accent: '#7a1f5c', background: '#f7f2f5' },
        logo,
        links: [{ href: 'https://contoso.example/imprint', labels: { en: 'Imprint', de: 'Impressum' } }],
        texts: { en: { 'password.title': 'Welcome to Contoso' }, fr: { 'password.title': 'Bienvenue' } },
        frame: '<header class="top">{logo}</header><section>{form}</section><p>&copy; {name} &amp; sons</p>',
        styleSheet: '.top { padding: 1rem }',
      }),
    );
    const browser = journey.browser();
    await journey.interact(browser);
    const { text, title } = browser.page;
    assert.equal(title, 'Welcome to Contoso');
    assert.match(text, /<header class="top"><img src="[^"]+" alt="Contoso" class="cs-logo"><\/header><section><main/);
    assert.match(text, /<a href="https:\/\/contoso.example\/imprint">Imprint<\/a>/);
    assert.match(text, /Contoso &#38; sons/);
    browser.language = 'fr';
    await browser.open(browser.path);
    assert.equal(browser.page.title, 'Bienvenue');
    assert.match(browser.page.text, /<html lang="fr" dir="ltr">/);

    const loaded = [...text.matchAll(/(?:href|src)="(\/[^"]*\/branding\/[^"]*)"/g)].map(([, path = '']) => path);
    assert.equal(loaded.length, 2);
    const [route] = brandRoutes(storage.read);
    for (const path of loaded) {
      const [, tenant = '', , digest = ''] = path.split('/');
      const fetch = (wanted: string) =>
        route?.handle({
          ...{ method: 'GET', url: new URL(path, 'https://hub.example'), headers: {}, body: undefined },
          ...{ remoteAddress: '', requestId: '', admitTenant: () => {} },
          parameters: { tenant, digest: wanted },
        });
      const answer = await fetch(digest);
      assert.equal(answer?.status, 200);
      assert.match(String(answer?.headers?.['content-security-policy']), /default-src 'none'.*sandbox/);
      assert.equal((await fetch('another'))?.status, 404);
    }
  });

  test('WCAG 2.2 1.4.3: colours that cannot be read are refused', async () => {
    const journey = await new Journey(database).begin();
    const save = (accent: string, background: string) =>
      storage.write((stores) => saveBranding(stores, journey.act(), { colours: { accent, background } }));
    await save('#1f5fbf', '#ffffff');
    await assert.rejects(save('#ffcc00', '#ffffff'), refusedWith(/accent #ffcc00 has a contrast of 1\.5/));
    await assert.rejects(save('#1f5fbf', '#777777'), refusedWith(/background #777777 has a contrast of/));
    await assert.rejects(save('red', '#ffffff'), refusedWith(/no colour/));
    await assert.rejects(
      storage.write((stores) => saveBranding(stores, journey.act(), { logo: { ...logo, contentType: 'image/png' } })),
      refusedWith(/logo is no image\/png/),
    );
    assert.equal(contrast('#000000', '#ffffff'), 21);
  });
});

test('a frame is a small part of HTML: what could run, load, lead away or break the form is refused', () => {
  const refused: [string, RegExp][] = [
    ['no form', /exactly once/],
    ['{form}{form}', /exactly once/],
    ['<div>{form}', /does not close div/],
    ['{form}</div>', /closes div/],
    ['<script>alert(1)</script>{form}', /element script/],
    ['<form action="/x">{form}</form>', /element form/],
    ['<iframe src="https://x.example"></iframe>{form}', /element iframe/],
    ['<div onclick="x()">{form}</div>', /attribute onclick/],
    ['<div style="color:red">{form}</div>', /attribute style/],
    ['<a href="javascript:alert(1)">x</a>{form}', /may link by https/],
    ['<img src="https://tracker.example/p.png">{form}', /pictures as data/],
    ['<!-- -->{form}', /cannot be read from "<!-- -->/],
    ["<div class='x'>{form}</div>", /cannot be read/],
    ['{password}{form}', /names \{password\}/],
  ];
  for (const [text, problem] of refused) assert.throws(() => parseFrame(text), refusedWith(problem), text);
});

test('whatever a frame is, it is read or refused', () => {
  const piece = fc.constantFrom(
    '<div>',
    '</div>',
    '{form}',
    '<img src="data:image/png;base64,AA">',
    '&amp;',
    '"',
    '<',
    'a',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }), (pieces) => {
      try {
        parseFrame(pieces.join(''));
      } catch (error) {
        assert.ok(error instanceof Refusal);
      }
    }),
  );
});
