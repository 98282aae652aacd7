import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { type Bearer, openGraphApi, origin } from './graph-api.ts';

const policies = '/policies/claimsMappingPolicies';

/** Of https://learn.microsoft.com/entra/identity-platform/reference-claims-customization: one of each kind. */
const mapping = {
  Version: 1,
  IncludeBasicClaimSet: 'false',
  ClaimsSchema: [
    { Source: 'user', ID: 'employeeid', SamlClaimType: 'urn:employee', JwtClaimType: 'employee' },
    { Source: 'User', ID: 'extensionattribute1', SamlClaimType: 'urn:cost-centre' },
    { Source: 'user', ID: 'objectid', SamlClaimType: 'urn:id' },
    { Value: 'jogcloud', SamlClaimType: 'urn:company' },
    { Source: 'user', ID: 'userprincipalname' },
    { Source: 'transformation', ID: 'Prefix', TransformationId: 'ToPrefix', SamlClaimType: 'urn:alias' },
    { Source: 'transformation', ID: 'Joined', TransformationId: 'ToJoined', SamlClaimType: 'urn:label' },
  ],
  ClaimsTransformations: [
    {
      ID: 'ToPrefix',
      TransformationMethod: 'ExtractMailPrefix',
      InputClaims: [{ ClaimTypeReferenceId: 'userprincipalname', TransformationClaimType: 'mail' }],
      OutputClaims: [{ ClaimTypeReferenceId: 'Prefix', TransformationClaimType: 'outputClaim' }],
    },
    {
      ID: 'ToJoined',
      TransformationMethod: 'Join',
      InputClaims: [{ ClaimTypeReferenceId: 'Prefix', TransformationClaimType: 'string1' }],
      InputParameters: [
        { ID: 'string2', Value: 'sandbox' },
        { ID: 'separator', Value: '.' },
      ],
      OutputClaims: [{ ClaimTypeReferenceId: 'Joined', TransformationClaimType: 'outputClaim' }],
    },
  ],
};

const definitionOf = (policy: object) => JSON.stringify({ ClaimsMappingPolicy: policy });

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage, randomUUID());

  const portal = async (admin: Bearer) => {
    const { body } = await api.call(admin, 'POST /applications', { displayName: 'Portal' });
    const created = await api.call(admin, 'POST /servicePrincipals', { appId: body.appId });
    const path = `/servicePrincipals/${created.body.id}`;
    const trust = {
      protocol: 'saml',
      identifier: 'urn:portal',
      replyAddresses: [{ binding: 'post', location: 'https://portal.example/acs', index: 0 }],
    };
    await api.call(admin, `PUT ${path}/relyingParty`, trust);
    return path;
  };
  const make = async (admin: Bearer, policy: object, displayName = 'Policy') => {
    const made = await api.call(admin, `POST ${policies}`, { displayName, definition: [definitionOf(policy)] });
    assert.equal(made.status, 201, made.body.error?.message);
    return made.body.id as string;
  };
  const assign = (admin: Bearer, path: string, id: string) =>
    api.call(admin, `POST ${path}/claimsMappingPolicies/$ref`, { '@odata.id': `${origin}/v1.0${policies}/${id}` });
  const claimsOf = async (admin: Bearer, path: string) => {
    const { body } = await api.call(admin, `POST ${path}/relyingParty/evaluate`, { userId: admin.id });
    const claims: { type: string; value: string }[] = body.claims;
    return claims.map(({ type, value }) => [type, value]).toSorted();
  };

  test('a policy that is assigned makes the claims of the application, and says them as it was written', async () => {
    const { admin, domain } = await api.makeTenant();
    const change = { employeeId: '17', onPremisesExtensionAttributes: { extensionAttribute1: 'CC-1' } };
    assert.equal((await api.call(admin, `PATCH /users/${admin.id}`, change)).status, 204);
    const path = await portal(admin);
    const id = await make(admin, mapping);
    assert.deepEqual((await api.call(admin, `GET ${path}/claimsMappingPolicies`)).body.value, []);
    assert.equal((await assign(admin, path, id)).status, 204);
    assert.deepEqual(await claimsOf(admin, path), [
      ['urn:alias', 'admin'],
      ['urn:company', 'jogcloud'],
      ['urn:cost-centre', 'CC-1'],
      ['urn:employee', '17'],
      ['urn:id', admin.id],
      ['urn:label', 'admin.sandbox'],
    ]);
    const shown = { id, displayName: 'Policy', definition: [definitionOf(mapping)], isOrganizationDefault: false };
    for (const address of [policies, `${path}/claimsMappingPolicies`]) {
      assert.deepEqual((await api.call(admin, `GET ${address}`)).body.value, [shown]);
    }

    const basic = { Version: 1, IncludeBasicClaimSet: true };
    const changed = { displayName: 'Basic', definition: [definitionOf(basic)] };
    assert.equal((await api.call(admin, `PATCH ${policies}/${id}`, changed)).status, 204);
    const names = (await claimsOf(admin, path)).filter(([, value]) => value === `admin@${domain}`);
    assert.deepEqual(names, [['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name', `admin@${domain}`]]);
    const { body } = await api.call(admin, `GET ${policies}/${id}`);
    assert.deepEqual([body.displayName, body.definition], ['Basic', changed.definition]);
    const log = await api.call(admin, 'GET /auditLogs/directoryAudits');
    assert.ok(
      log.body.value.some((event: Record<string, unknown>) => event['activityDisplayName'] === 'ruleGroup.update'),
    );
  });

  test('an application has one policy at most, which is removed when no application has it', async () => {
    const { admin } = await api.makeTenant();
    const path = await portal(admin);
    const [first, second] = [await make(admin, mapping, 'First'), await make(admin, mapping, 'Second')];
    assert.equal((await assign(admin, path, first)).status, 204);
    const taken = await assign(admin, path, second);
    assert.equal(taken.status, 400);
    assert.match(taken.body.error.message, /already exist/);
    const kept = await api.call(admin, `DELETE ${policies}/${first}`);
    assert.deepEqual([kept.status, kept.body.error.innerError.code], [409, 'rule-groups.in_use']);
    const removal = `DELETE ${path}/claimsMappingPolicies/${first}/$ref`;
    assert.deepEqual([(await api.call(admin, removal)).status, (await api.call(admin, removal)).status], [204, 404]);
    assert.equal((await api.call(admin, `DELETE ${policies}/${first}`)).status, 204);
    assert.equal((await api.call(admin, `GET ${policies}/${first}`)).status, 404);
  });

  test('policies are for applications of SAML and WS-Federation, and groups of written rules are no policies', async () => {
    const { admin } = await api.makeTenant();
    const { body } = await api.call(admin, 'POST /applications', { displayName: 'By OpenID Connect' });
    const principal = await api.call(admin, 'POST /servicePrincipals', { appId: body.appId });
    const refused = await assign(admin, `/servicePrincipals/${principal.body.id}`, await make(admin, mapping));
    assert.equal(refused.body.error.innerError.code, 'applications.relying_party_not_found');
    const id = randomUUID();
    await api.call(admin, 'POST /claimsRules/groups', { id, purpose: 'issuance', rules: '' });
    assert.equal((await api.call(admin, `GET ${policies}/${id}`)).status, 404);
    assert.equal((await assign(admin, await portal(admin), id)).status, 404);
  });

  test('what rules cannot say is refused, and said', async () => {
    const { admin } = await api.makeTenant();
    const claim = { Source: 'user', ID: 'mail', SamlClaimType: 'urn:mail' };
    const [prefix] = mapping.ClaimsTransformations;
    for (const [policy, problem] of [
      [{ ClaimsSchema: [{ ...claim, Source: 'company' }] }, /source company/],
      [{ ClaimsSchema: [{ SamlClaimType: 'urn:nothing' }] }, /claim 1 has no source/],
      [{ ClaimsSchema: [{ ...claim, ID: 'shoesize' }] }, /claim 1 \(shoesize\) names no attribute/],
      [{ ClaimsSchema: [{ ...claim, ID: 'constructor' }] }, /claim 1 \(constructor\) names no attribute/],
      [{ ClaimsSchema: [{ Source: 'user', ID: 'mail', JwtClaimType: 'mail' }] }, /no SamlClaimType/],
      [{ ClaimsSchema: [{ Value: 'a"b', SamlClaimType: 'urn:a' }] }, /cannot write the text/],
      [{ ClaimsSchema: [{ ...claim, SamlNameFormat: 'x' }] }, /SamlNameFormat/],
      [{ ClaimsSchema: [{ ...claim, Source: 'transformation', TransformationId: 'None' }] }, /no transformation None/],
      [{ ClaimsTransformations: [prefix] }, /which nothing makes/],
      [{ ClaimsSchema: [claim], ClaimsTransformations: [{ ...prefix, TransformationMethod: 'Shout' }] }, /by Shout/],
      [{ Version: 2 }, /Version/],
    ] as const) {
      const definition = [definitionOf({ Version: 1, ...policy })];
      const { status, body } = await api.call(admin, `POST ${policies}`, { displayName: 'Wrong', definition });
      assert.equal(status, 400);
      assert.match(body.error.message, problem);
    }
    const { body } = await api.call(admin, `POST ${policies}`, { displayName: 'Wrong', definition: ['{'] });
    assert.match(body.error.message, /no JSON/);
  });

  test('a group is written as a policy or as rules, and stays what it is', async () => {
    const { admin } = await api.makeTenant();
    const groups = '/claimsRules/groups';
    const claimsMapping = definitionOf(mapping);
    const group = { id: 'Employee', purpose: 'issuance', claimsMapping };
    for (const wrong of [
      { ...group, rules: '' },
      { ...group, claimsMapping: undefined },
      { ...group, purpose: 'acceptance' },
    ])
      assert.equal((await api.call(admin, `POST ${groups}`, wrong)).status, 400);
    assert.equal((await api.call(admin, `POST ${groups}`, group)).status, 201);
    const { body } = await api.call(admin, `GET ${groups}/Employee`);
    assert.equal(body.claimsMapping, claimsMapping);
    assert.match(body.rules, /urn:employee/);
    assert.equal((await api.call(admin, `PATCH ${groups}/Employee`, { rules: '' })).status, 400);
    assert.equal((await api.call(admin, `PATCH ${groups}/Employee`, { description: 'Staff' })).status, 204);
    const { value } = (await api.call(admin, `GET ${policies}`)).body;
    assert.deepEqual([value[0].id, value[0].displayName], ['Employee', 'Staff']);
  });
});
