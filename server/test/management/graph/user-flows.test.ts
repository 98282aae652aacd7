import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directoryRoles } from '../../../src/directory/index.ts';
import { customerFlow, getFlow } from '../../../src/user-flows/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

const flows = '/identity/userFlows';
const attributes = '/identity/userFlowAttributes';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);

  test('a flow is made with what is said and the rest as Azure AD B2C has it', async () => {
    const { admin } = await api.makeTenant();
    const made = await api.call(admin, `POST ${flows}`, {
      id: 'B2C_1_SignIn',
      userFlowType: 'signUpOrSignIn',
      identityProviders: ['UserNamePassword', 'EmailPassword-OAUTH'],
      session: { idleSeconds: 600 },
    });
    assert.equal(made.status, 201);
    assert.equal(made.headers['location'], 'https://hub.test/v1.0/identity/userFlows/B2C_1_SignIn');
    assert.deepEqual(made.body.identityProviders, ['UserNamePassword', 'EmailPassword-OAUTH']);
    assert.equal(made.body.session.idleSeconds, 600);
    assert.equal(made.body.session.sharedBy, 'tenant');
    assert.deepEqual(made.body.claims, ['displayName', 'emails']);
    const { body } = await api.call(admin, `GET ${flows}/b2c_1_signin`);
    assert.deepEqual({ ...body, '@odata.context': '' }, { ...made.body, '@odata.context': '' });
    const { value } = (await api.call(admin, `GET ${flows}?$select=id,userFlowType,isBuiltIn`)).body;
    assert.deepEqual(value, [
      { id: 'staff', userFlowType: 'signIn', isBuiltIn: true },
      { id: 'B2C_1_SignIn', userFlowType: 'signUpOrSignIn', isBuiltIn: false },
    ]);
  });

  test('every setting of a flow is shown, and taken back as it is shown', async () => {
    const { admin } = await api.makeTenant();
    for (const id of ['staff', 'B2C_1_a']) {
      if (id !== 'staff') await api.call(admin, `POST ${flows}`, { id, userFlowType: 'signUp' });
      const {
        '@odata.context': _,
        id: shownId,
        isBuiltIn,
        ...settings
      } = (await api.call(admin, `GET ${flows}/${id}`)).body;
      assert.deepEqual(
        Object.keys(customerFlow).filter(
          (setting) => !['name', 'type', 'accountNames', 'providers'].includes(setting) && !(setting in settings),
        ),
        [],
      );
      assert.equal((await api.call(admin, `PATCH ${flows}/${shownId}`, settings)).status, 204);
      const again = (await api.call(admin, `GET ${flows}/${id}`)).body;
      assert.deepEqual(again, { ...again, ...settings, isBuiltIn }, 'nothing has changed');
    }
  });

  test('PATCH changes what it names, inside of objects too, and null takes texts away', async () => {
    const { admin, tenantId } = await api.makeTenant();
    await api.call(admin, `POST ${flows}`, {
      id: 'B2C_1_a',
      userFlowType: 'signUp',
      texts: { en: { 'password.title': 'Hello', 'password.submit': 'Go' }, de: { 'password.title': 'Hallo' } },
      terms: { version: '1', url: 'https://contoso.com/terms' },
    });
    const patched = await api.call(admin, `PATCH ${flows}/B2C_1_A`, {
      userFlowType: 'profileUpdate',
      tokens: { accessTokenSeconds: 300 },
      secondFactor: { when: 'conditional' },
      texts: { en: { 'password.title': null }, de: null },
      terms: null,
    });
    assert.equal(patched.status, 204);
    const flow = await getFlow(storage.read, tenantId, 'B2C_1_a');
    assert.equal(flow.type, 'profileEditing');
    assert.deepEqual([flow.tokens.accessTokenSeconds, flow.tokens.idTokenSeconds], [300, 3600]);
    assert.deepEqual([flow.secondFactor.when, flow.secondFactor.methods.length > 0], ['conditional', true]);
    assert.deepEqual(flow.texts, { en: { 'password.submit': 'Go' } });
    assert.equal(flow.terms, null);
    const events = await storage.read.audit.list(tenantId, { verb: 'userFlow.update' }, 10);
    assert.deepEqual(
      events.flatMap(({ changes }) => changes.map(({ property }) => property)).toSorted(),
      ['secondFactor', 'terms', 'texts', 'tokens', 'type'],
      'the audit log says what changed',
    );
    await api.call(admin, `PATCH ${flows}/B2C_1_A`, { userFlowType: 'profileUpdate' });
    assert.equal((await storage.read.audit.list(tenantId, { verb: 'userFlow.update' }, 10)).length, 1);
  });

  test('two changes at the same time are both kept', async () => {
    const { admin, tenantId } = await api.makeTenant();
    await api.call(admin, `POST ${flows}`, { id: 'B2C_1_a', userFlowType: 'signUp' });
    await Promise.all([
      api.call(admin, `PATCH ${flows}/B2C_1_a`, { session: { idleSeconds: 61 } }),
      api.call(admin, `PATCH ${flows}/B2C_1_a`, { session: { absoluteSeconds: 62 } }),
    ]);
    const { session } = await getFlow(storage.read, tenantId, 'B2C_1_a');
    assert.deepEqual([session.idleSeconds, session.absoluteSeconds], [61, 62]);
  });

  test('the flow of staff is changed as `staff`, and comes back as it was when it is removed', async () => {
    const { admin, tenantId } = await api.makeTenant();
    assert.equal((await api.call(admin, `DELETE ${flows}/staff`)).status, 404, 'there are no changes to remove');
    assert.equal((await api.call(admin, `PATCH ${flows}/Staff`, { secondFactor: { when: 'always' } })).status, 204);
    assert.equal((await getFlow(storage.read, tenantId, null)).secondFactor.when, 'always');
    const { body } = await api.call(admin, `GET ${flows}/staff`);
    assert.deepEqual([body.id, body.isBuiltIn, body.secondFactor.when], ['staff', false, 'always']);
    assert.equal((await api.call(admin, `DELETE ${flows}/staff`)).status, 204);
    assert.equal((await getFlow(storage.read, tenantId, null)).secondFactor.when, 'off');
  });

  test('a flow that cannot work is refused with the reason', async () => {
    const { admin } = await api.makeTenant();
    const valid = { id: 'B2C_1_a', userFlowType: 'signUp' };
    const wrong: [object, RegExp][] = [
      [{ id: '1' }, /must be named/],
      [{ id: 'STAFF' }, /another name/],
      [{ userFlowType: 'dance' }, /userFlowType/],
      [{ unknown: 1 }, /unknown/],
      [{ identityProviders: [] }, /at least one kind of name/],
      [{ identityProviders: ['Google-OAUTH'] }, /no identity provider 'Google-OAUTH'/],
      [{ identityProviders: ['constructor'] }, /no identity provider 'constructor'/],
      [{ attributes: [{ name: 'accountEnabled' }] }, /cannot ask for accountEnabled/],
      [{ attributes: [{ name: 'city' }, { name: 'city' }] }, /city twice/],
      [{ claims: ['passwordProfile'] }, /cannot give the claim passwordProfile/],
      [{ claims: ['toString'] }, /cannot give the claim toString/],
      [{ secondFactor: { when: 'always', methods: [] } }, /allows none/],
      [{ secondFactor: { when: 'sometimes' } }, /when/],
      [{ tokens: { accessTokenSeconds: 0 } }, /between 1 and/],
      [{ tokens: { accessTokenSeconds: 1e12 } }, /between 1 and/],
      [{ session: { idleSeconds: -1 } }, /idleSeconds/],
      [{ session: { idleSeconds: 1.5 } }, /idleSeconds/],
      [{ terms: { version: '1', url: 'javascript:alert(1)' } }, /https/],
      [{ texts: { 'no language': { a: 'b' } } }, /no language tag/],
      [{ texts: { en: { a: 'x'.repeat(2001) } } }, /2000/],
    ];
    for (const [change, reason] of wrong) {
      const answer = await api.call(admin, `POST ${flows}`, { ...valid, ...change });
      assert.equal(answer.status, 400, JSON.stringify(change));
      assert.match(answer.body.error.message, reason);
    }
    assert.equal((await api.call(admin, `POST ${flows}`, valid)).status, 201);
    const again = await api.call(admin, `POST ${flows}`, { ...valid, id: 'b2c_1_A' });
    assert.deepEqual([again.status, again.body.error.innerError.code], [409, 'user-flows.flow_exists']);
    assert.equal((await api.call(admin, `PATCH ${flows}/B2C_1_a`, { id: 'B2C_1_b' })).status, 400, 'names stay');
    assert.equal((await api.call(admin, `PATCH ${flows}/staff`, { userFlowType: 'passwordReset' })).status, 400);
  });

  test('flows of another tenant are invisible', async () => {
    const { admin } = await api.makeTenant();
    await api.call(admin, `POST ${flows}`, { id: 'B2C_1_a', userFlowType: 'signUp' });
    const other = (await api.makeTenant()).admin;
    assert.equal((await api.call(other, `GET ${flows}/B2C_1_a`)).status, 404);
    assert.equal((await api.call(other, `PATCH ${flows}/B2C_1_a`, {})).status, 404);
    assert.equal((await api.call(other, `DELETE ${flows}/B2C_1_a`)).status, 404);
    assert.equal((await api.call(other, `GET ${flows}`)).body.value.length, 1);
  });

  test('flows are for their administrators', async () => {
    const { admin, domain } = await api.makeTenant();
    const user = { userPrincipalName: `kent@${domain}`, displayName: 'Kent', accountEnabled: true };
    const kent = { ...admin, id: (await api.call(admin, 'POST /users', user)).body.id };
    assert.equal((await api.call(kent, `GET ${flows}`)).status, 403);
    const roleDefinitionId = directoryRoles.externalIdUserFlowAdministrator.id;
    const assignment = { roleDefinitionId, principalId: kent.id };
    await api.call(admin, 'POST /roleManagement/directory/roleAssignments', assignment);
    assert.equal((await api.call(kent, `GET ${flows}`)).status, 200);
    assert.equal((await api.call(kent, `PATCH ${flows}/staff`, { offersPasswordReset: true })).status, 204);
    assert.equal((await api.call({ ...kent, may: ['User.Read'] }, `GET ${flows}`)).status, 403);
  });

  test('identity providers are the kinds of local accounts', async () => {
    const { admin } = await api.makeTenant();
    const { value } = (await api.call(admin, 'GET /identity/identityProviders')).body;
    assert.deepEqual(
      value.map(({ id }: { id: string }) => id),
      ['EmailPassword-OAUTH', 'UserNamePassword', 'UserPrincipalNamePassword'],
    );
    const one = await api.call(admin, 'GET /identity/identityProviders/emailpassword-oauth?$select=displayName');
    assert.equal(one.body.displayName, 'Email with password');
    assert.equal((await api.call(admin, 'GET /identity/identityProviders/constructor')).status, 404);
  });

  test('an attribute of the tenant’s own is declared, described, used and only then removed', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const made = await api.call(admin, `POST ${attributes}`, {
      displayName: 'Shoe Size',
      description: 'In centimetres',
      dataType: 'int64',
    });
    assert.equal(made.status, 201);
    const { id, displayName, dataType, userFlowAttributeType } = made.body;
    assert.match(id, /^extension_[0-9a-f]{32}_ShoeSize$/);
    assert.deepEqual([displayName, dataType, userFlowAttributeType], ['ShoeSize', 'int64', 'custom']);
    const second = await api.call(admin, `POST ${attributes}`, { displayName: 'Hat', dataType: 'string' });
    assert.equal(second.body.id.slice(0, 42), id.slice(0, 42), 'both belong to one application');
    const again = await api.call(admin, `POST ${attributes}`, { displayName: 'HAT', dataType: 'string' });
    assert.equal(again.status, 409);

    assert.equal((await api.call(admin, `PATCH ${attributes}/${id}`, { description: 'In inches' })).status, 204);
    assert.equal((await api.call(admin, `GET ${attributes}/${id}`)).body.description, 'In inches');
    const { value } = (await api.call(admin, `GET ${attributes}?$select=id`)).body;
    assert.ok(value.some((one: { id: string }) => one.id === 'givenName'));
    assert.equal(value.filter((one: { id: string }) => one.id.startsWith('extension_')).length, 2);

    const flow = { id: 'B2C_1_a', userFlowType: 'signUp', attributes: [{ name: id }], claims: [id] };
    assert.equal((await api.call(admin, `POST ${flows}`, flow)).status, 201);
    const refused = await api.call(admin, `DELETE ${attributes}/${id}`);
    assert.deepEqual([refused.status, refused.body.error.innerError.code], [409, 'user-flows.attribute_in_use']);
    await api.call(admin, `PATCH ${flows}/B2C_1_a`, { attributes: [], claims: [] });
    assert.equal((await api.call(admin, `DELETE ${attributes}/${id}`)).status, 204);
    assert.equal((await api.call(admin, `GET ${attributes}/${id}`)).status, 404);
    const verbs = (await storage.read.audit.list(tenantId, {}, 100)).map(({ verb }) => verb);
    for (const verb of ['create', 'update', 'delete']) assert.ok(verbs.includes(`extensionProperty.${verb}`));
  });

  test('built-in attributes stay, and malformed ones are refused', async () => {
    const { admin } = await api.makeTenant();
    const wrong = await api.call(admin, `DELETE ${attributes}/givenName`);
    assert.deepEqual([wrong.status, wrong.body.error.innerError.code], [400, 'user-flows.attribute_built_in']);
    for (const body of [
      { displayName: '', dataType: 'string' },
      { displayName: 'a-b', dataType: 'string' },
      { displayName: 'a', dataType: 'stringCollection' },
      { displayName: 'a', dataType: 'string', description: 'x'.repeat(1025) },
      { displayName: 'a', dataType: 'string', description: 'a\0b' },
    ]) {
      assert.equal((await api.call(admin, `POST ${attributes}`, body)).status, 400, JSON.stringify(body));
    }
  });
});
