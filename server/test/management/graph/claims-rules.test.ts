import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { type Bearer, openGraphApi } from './graph-api.ts';

const upn = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';
const permit = 'http://schemas.microsoft.com/authorization/claims/permit';
const role = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';
const groups = '/claimsRules/groups';

/** Adds its letter to what rules before it have made of the claim "trail". */
const trail = (letter: string) => `c:[Type == "trail"] => add(Type = "trail", Value = c.Value + "${letter}");`;

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage, randomUUID());

  const portal = async (admin: Bearer): Promise<string> => {
    const { body } = await api.call(admin, 'POST /applications', { displayName: 'Portal' });
    const created = await api.call(admin, 'POST /servicePrincipals', { appId: body.appId });
    return `/servicePrincipals/${created.body.id}/relyingParty`;
  };
  const trust = {
    protocol: 'saml',
    identifier: 'urn:portal',
    replyAddresses: [{ binding: 'post', location: 'https://portal.example/acs', index: 0 }],
  };
  const make = async (admin: Bearer, id: string, rules: string, purpose = 'issuance') => {
    const made = await api.call(admin, `POST ${groups}`, { id, purpose, rules });
    assert.equal(made.status, 201, made.body.error?.message);
  };

  test('a group of rules is made, read, changed and removed, each with an audit event', async () => {
    const { admin } = await api.makeTenant();
    await make(admin, 'Staff', trail('a'));
    const twin = await api.call(admin, `POST ${groups}`, { id: 'STAFF', purpose: 'issuance', rules: '' });
    assert.deepEqual([twin.status, twin.body.error.innerError.code], [409, 'rule-groups.exists']);
    const change = { description: 'Who works here', rules: trail('b') };
    assert.equal((await api.call(admin, `PATCH ${groups}/staff`, change)).status, 204);
    const { body } = await api.call(admin, `GET ${groups}/staff`);
    const { '@odata.context': _, ...shown } = body;
    assert.deepEqual(shown, { id: 'Staff', purpose: 'issuance', ...change, claimsMapping: null, includedBy: [] });
    const listed = await api.call(admin, `GET ${groups}?$select=purpose`);
    assert.deepEqual(listed.body.value, [{ id: 'Staff', purpose: 'issuance' }]);
    assert.equal((await api.call(admin, `DELETE ${groups}/Staff`)).status, 204);
    assert.equal((await api.call(admin, `GET ${groups}/Staff`)).status, 404);
    const log = await api.call(admin, 'GET /auditLogs/directoryAudits');
    const verbs = log.body.value.map(({ activityDisplayName: verb }: { activityDisplayName: string }) => verb);
    assert.deepEqual(verbs.filter((verb: string) => verb.startsWith('ruleGroup.')).toSorted(), [
      'ruleGroup.create',
      'ruleGroup.delete',
      'ruleGroup.update',
    ]);
  });

  test('what cannot be a group is refused, with the place of what is wrong with its rules', async () => {
    const { admin } = await api.makeTenant();
    const refused: [object, RegExp][] = [
      [{ id: 'two words' }, /its id must be/],
      [{ id: 'Issuance' }, /own rules/],
      [{ rules: 'c:[] =>\n issue(claim = d);' }, /line 2, column 2/],
      [{ description: 'x'.repeat(2_000) }, /description is longer/],
      [{ purpose: 'everything' }, /purpose/],
    ];
    for (const [change, reason] of refused) {
      const body = { id: 'Group', purpose: 'issuance', rules: trail('a'), ...change };
      const answer = await api.call(admin, `POST ${groups}`, body);
      assert.equal(answer.status, 400);
      assert.match(answer.body.error.message, reason);
    }
    await make(admin, 'Group', trail('a'));
    const change = await api.call(admin, `PATCH ${groups}/Group`, { rules: 'issue everything' });
    assert.deepEqual([change.status, change.body.error.innerError.code], [400, 'rule-groups.rules_invalid']);
  });

  test('groups run before and after the own rules in the order of the lists, and explanations name them', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    for (const letter of ['a', 'b', 'd']) await make(admin, `Adds-${letter}`, trail(letter));
    await make(admin, 'First', `=> add(Type = "trail", Value = "-");`);
    await make(admin, 'Last', 'c:[Type == "trail", Value == "-abcd"] => issue(claim = c);');
    const saved = await api.call(admin, `PUT ${path}`, {
      ...trust,
      issuanceRules: trail('c'),
      issuanceRuleGroups: { before: ['first', 'Adds-a', 'Adds-b'], after: ['Adds-d', 'Last'] },
    });
    assert.equal(saved.status, 200, saved.body.error?.message);
    const { body } = await api.call(admin, `POST ${path}/evaluate`, { userId: admin.id });
    assert.deepEqual(
      body.claims.map(({ type, value }: { type: string; value: string }) => [type, value]),
      [['trail', '-abcd']],
    );
    const ran = body.issuance.rules.map(({ rule }: { rule: { group: string } }) => rule.group);
    assert.deepEqual(ran, ['First', 'Adds-a', 'Adds-b', 'issuance', 'Adds-d', 'Last']);

    const tried = { userId: admin.id, issuanceRuleGroups: { before: ['First', 'Adds-b', 'Adds-a'] } };
    assert.deepEqual((await api.call(admin, `POST ${path}/evaluate`, tried)).body.claims, []);
  });

  test('a change of a group holds for everybody who includes it', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    await make(admin, 'Marks', '=> issue(Type = "mark", Value = "old");');
    await api.call(admin, `PUT ${path}`, { ...trust, issuanceRuleGroups: { after: ['Marks'] } });
    const marks = async () =>
      (await api.call(admin, `POST ${path}/evaluate`, { userId: admin.id })).body.claims.map(
        ({ value }: { value: string }) => value,
      );
    assert.deepEqual(await marks(), ['old']);
    await api.call(admin, `PATCH ${groups}/Marks`, { rules: '=> issue(Type = "mark", Value = "new");' });
    assert.deepEqual(await marks(), ['new']);
  });

  test('whoever includes a group has rules: the usual permit does not stand beside it', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    await make(
      admin,
      'Nobody',
      `[Type == "${upn}", Value == "x"] => issue(Type = "${permit}", Value = "true");`,
      'authorization',
    );
    await api.call(admin, `PUT ${path}`, { ...trust, authorizationRuleGroups: { before: ['Nobody'] } });
    const evaluate = async () =>
      (await api.call(admin, `POST ${path}/evaluate`, { userId: admin.id })).body.isPermitted;
    assert.equal(await evaluate(), false);
    await api.call(admin, `PUT ${path}`, { ...trust, authorizationRuleGroups: { before: [] } });
    assert.equal(await evaluate(), true);
  });

  test('a group that is not there, or of another purpose, cannot be included', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    await make(admin, 'Claims', trail('a'));
    const included = { before: ['Claims'] };
    const refused: [string, string, object, string][] = [
      ['PUT', path, { ...trust, issuanceRuleGroups: { after: ['Nobody'] } }, 'not_found'],
      ['PUT', path, { ...trust, authorizationRuleGroups: included }, 'wrong_purpose'],
      ['PUT', path, { ...trust, issuanceRuleGroups: { before: Array(51).fill('Claims') } }, 'too_many'],
      [
        'POST',
        '/identity/identityProviders',
        {
          identityProviderType: 'OpenIDConnect',
          displayName: 'X',
          issuer: 'https://x.example',
          clientId: 'x',
          acceptanceRuleGroups: included,
        },
        'wrong_purpose',
      ],
    ];
    for (const [method, address, body, reason] of refused) {
      const answer = await api.call(admin, `${method} ${address}`, body);
      assert.equal(answer.body.error?.innerError.code, `rule-groups.${reason}`);
    }
  });

  test('rules that are too many together are refused where they are put together', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    await make(admin, 'Many', trail('a').repeat(1_001));
    const answer = await api.call(admin, `PUT ${path}`, {
      ...trust,
      issuanceRuleGroups: { before: ['Many'], after: ['Many'] },
    });
    assert.deepEqual([answer.status, answer.body.error?.innerError.code], [400, 'applications.rules_invalid']);
  });

  test('a group that has grown too large for an application that includes it fails that one only, with the reason', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    await make(admin, 'Many', trail('a'));
    await api.call(admin, `PUT ${path}`, {
      ...trust,
      issuanceRules: trail('b').repeat(1_999),
      issuanceRuleGroups: { before: ['Many'] },
    });
    const evaluate = async () => await api.call(admin, `POST ${path}/evaluate`, { userId: admin.id });
    assert.equal((await evaluate()).status, 200);
    assert.equal((await api.call(admin, `PATCH ${groups}/Many`, { rules: trail('a').repeat(2) })).status, 204);
    const { status, body } = await evaluate();
    assert.deepEqual([status, body.error?.innerError.code], [400, 'applications.rules_invalid']);
    assert.match(body.error.message, /2001 rules/);
    assert.equal((await api.call(admin, `GET ${path}`)).status, 200);
    const { body: stays } = await api.call(admin, `PUT ${path}`, { ...trust, issuanceRuleGroups: { before: [] } });
    assert.deepEqual(stays.issuanceRuleGroups, { before: [], after: [] });
    assert.equal((await evaluate()).status, 200);
  });

  test('a group that is included cannot be removed, and the refusal says where it is', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    await make(admin, 'Claims', trail('a'));
    await make(admin, 'Accepted', trail('a'), 'acceptance');
    await api.call(admin, `PUT ${path}`, { ...trust, issuanceRuleGroups: { before: ['Claims'] } });
    const provider = { issuer: 'https://x.example', clientId: 'x', acceptanceRuleGroups: { after: ['Accepted'] } };
    const made = await api.call(admin, 'POST /identity/identityProviders', {
      id: 'Company',
      identityProviderType: 'OpenIDConnect',
      displayName: 'Company',
      ...provider,
    });
    assert.equal(made.status, 201, made.body.error?.message);
    for (const [id, where] of [
      ['Claims', 'the application urn:portal'],
      ['Accepted', 'the identity provider Company'],
    ] as const) {
      const { status, body } = await api.call(admin, `DELETE ${groups}/${id}`);
      assert.equal(status, 409);
      assert.ok(body.error.message.includes(where), body.error.message);
    }
    const { body } = await api.call(admin, `GET ${groups}/Claims`);
    assert.deepEqual(
      body.includedBy.map(({ kind, name }: { kind: string; name: string }) => [kind, name]),
      [['relyingParty', 'urn:portal']],
    );
    await api.call(admin, `DELETE ${path}`);
    assert.equal((await api.call(admin, `DELETE ${groups}/Claims`)).status, 204);
    const rest = { acceptanceRuleGroups: { after: [] } };
    assert.equal((await api.call(admin, 'PATCH /identity/identityProviders/Company', rest)).status, 204);
    assert.equal((await api.call(admin, `DELETE ${groups}/Accepted`)).status, 204);
  });

  test('the groups of acceptance rules are for those who write identity providers, the others for those of applications', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const { body: application } = await api.call(admin, 'POST /applications', { displayName: 'Program' });
    const { body: principal } = await api.call(admin, 'POST /servicePrincipals', { appId: application.appId });
    const program = (permission: string): Bearer => ({
      tenantId,
      id: principal.id,
      kind: 'application',
      may: [permission],
    });
    const ofApplications = program('Application.ReadWrite.All');
    const ofProviders = program('IdentityProvider.ReadWrite.All');
    const status = async (who: Bearer, id: string, purpose: string) =>
      (await api.call(who, `POST ${groups}`, { id, purpose, rules: '' })).status;
    assert.deepEqual(
      [await status(ofApplications, 'A', 'issuance'), await status(ofProviders, 'B', 'acceptance')],
      [201, 201],
    );
    assert.deepEqual(
      [await status(ofProviders, 'C', 'issuance'), await status(ofApplications, 'D', 'acceptance')],
      [403, 403],
    );
    const owned = program('Application.ReadWrite.OwnedBy');
    for (const [who, request] of [
      [ofProviders, `DELETE ${groups}/A`],
      [ofApplications, `DELETE ${groups}/B`],
      [owned, `DELETE ${groups}/A`],
    ] as const) {
      assert.equal((await api.call(who, request)).status, 403);
    }
    assert.equal((await api.call(admin, `DELETE ${groups}/A`)).status, 204);
  });

  test('rules that cannot run are refused where they are tried', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    await api.call(admin, `PUT ${path}`, trust);
    for (const [issuanceRules, refusal] of [
      ['issue everything', 'applications.rules_invalid'],
      ['a:[] && b:[] && c:[] && d:[] && e:[] && f:[] => issue(claim = a);', 'issuance.rules_failed'],
    ]) {
      const { status, body } = await api.call(admin, `POST ${path}/evaluate`, { userId: admin.id, issuanceRules });
      assert.deepEqual([status, body.error?.innerError.code], [400, refusal]);
    }
  });

  test('rules are shown as rows and rows as rules, and those that have no row are named', async () => {
    const { admin } = await api.makeTenant();
    const text = [
      '@RuleName = "Mail"\nc:[Type == "mail", Issuer == "urn:i"]\n => issue(claim = c);\n',
      `EXISTS([Type == "group"])\n => issue(Type = "${role}", Value = "staff");\n`,
      'c:[Type == "group", Value == "a"]\n => issue(Type = "role", Value = "b");\n',
    ].join('\n');
    const convert = async (body: object) => (await api.call(admin, 'POST /claimsRules/convert', body)).body;
    const shown = await convert({ text });
    assert.deepEqual(shown.rulesWithoutRow, [2]);
    assert.deepEqual(shown.entries[0], {
      kind: 'row',
      row: { inputIssuer: 'urn:i', inputType: 'mail', outputIssuer: 'input', description: 'Mail' },
    });
    assert.deepEqual((await convert({ entries: shown.entries })).text, text);
    assert.ok(shown.findings.some(({ code }: { code: string }) => code === 'claims.any_issuer'));
    const byDefault = await convert({ entries: [{ kind: 'row', row: { inputType: 'mail' } }] });
    assert.equal(byDefault.text, 'c:[Type == "mail"]\n => issue(claim = c);\n');
    assert.deepEqual(byDefault.findings, []);
    for (const wrong of [{ text: 'issue everything' }, { entries: [{ kind: 'row', row: { inputType: 'a"b' } }] }]) {
      const { error } = await convert(wrong);
      assert.equal(error.innerError.code, 'rule-groups.not_in_the_language');
    }
  });
});
