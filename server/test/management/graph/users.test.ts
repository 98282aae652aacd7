import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);

  test('az ad user create, show, update, list and delete', async () => {
    const { admin, domain } = await api.makeTenant();
    const upn = `marge@${domain}`;
    const created = await api.call(admin, 'POST /users', {
      userPrincipalName: upn,
      displayName: 'Marge Simpson',
      passwordProfile: { password: 'correct horse battery', forceChangePasswordNextSignIn: true },
      mailNickname: 'marge',
      accountEnabled: true,
    });
    assert.equal(created.status, 201);
    assert.equal(created.body.userPrincipalName, upn);
    assert.equal(created.body['@odata.context'], 'https://hub.test/v1.0/$metadata#users/$entity');
    assert.equal(created.headers['location'], `https://hub.test/v1.0/users/${created.body.id}`);

    const shown = await api.call(admin, `GET /users/${upn}`);
    assert.equal(shown.status, 200);
    assert.deepEqual(Object.keys(shown.body), [
      '@odata.context',
      'id',
      'businessPhones',
      'displayName',
      'givenName',
      'jobTitle',
      'mail',
      'mobilePhone',
      'officeLocation',
      'preferredLanguage',
      'surname',
      'userPrincipalName',
    ]);
    assert.deepEqual(shown.body.businessPhones, []);
    assert.equal(shown.body.jobTitle, null);

    const changed = await api.call(admin, `PATCH /users/${created.body.id}`, {
      jobTitle: 'Engineer',
      mobilePhone: null,
    });
    assert.deepEqual([changed.status, changed.body], [204, '']);
    const selected = await api.call(
      admin,
      `GET /users/${upn.toUpperCase()}?$select=jobTitle,accountEnabled,createddatetime`,
    );
    assert.deepEqual(Object.keys(selected.body), [
      '@odata.context',
      'id',
      'jobTitle',
      'accountEnabled',
      'createdDateTime',
    ]);
    assert.equal(selected.body.jobTitle, 'Engineer');

    const filter = encodeURIComponent(`userPrincipalName eq '${upn}' and startswith(displayName,'marge')`);
    const listed = await api.call(admin, `GET /users?$filter=${filter}`);
    assert.deepEqual(
      listed.body.value.map((user: { id: string }) => user.id),
      [created.body.id],
    );

    assert.equal((await api.call(admin, `DELETE /users/${upn}`)).status, 204);
    const gone = await api.call(admin, `GET /users/${upn}`);
    assert.deepEqual([gone.status, gone.body.error.code], [404, 'Request_ResourceNotFound']);
  });

  test('a user is found under names with #, $ and an apostrophe', async () => {
    const { admin, domain } = await api.makeTenant();
    for (const [local, path] of [
      ['homer_x.example#EXT#', (upn: string) => `/users/${upn.replaceAll('#', '%23')}`],
      ['$bart', (upn: string) => `/users('${upn}')`],
      ["o'neil", (upn: string) => `/users/${upn}`],
    ] as const) {
      const userPrincipalName = `${local}@${domain}`;
      const body = { userPrincipalName, displayName: 'x', accountEnabled: true };
      assert.equal((await api.call(admin, 'POST /users', body)).status, 201, local);
      assert.equal((await api.call(admin, `GET ${path(userPrincipalName)}`)).body.userPrincipalName, userPrincipalName);
    }
  });

  test('pages follow each other by nextLink, survive inserts, and their tokens cannot be moved or changed', async () => {
    const { admin, domain } = await api.makeTenant();
    const names = ['b', 'd', 'f', 'h', 'j'];
    const create = (name: string) =>
      api.call(admin, 'POST /users', {
        userPrincipalName: `${name}@${domain}`,
        displayName: `x${name}`,
        accountEnabled: true,
      });
    for (const name of names) await create(name);
    const query = "$top=2&$orderby=displayName&$filter=startswith(displayName,'x')&$select=displayName&$count=true";
    const first = await api.call(admin, `GET /users?${query}`, undefined, { consistencylevel: 'eventual' });
    assert.equal(first.body['@odata.count'], 5);
    assert.equal(first.body['@odata.context'], 'https://hub.test/v1.0/$metadata#users(displayName)');
    await create('a');
    await create('e');
    const seen = [...first.body.value];
    let next = first.body['@odata.nextLink'];
    while (next) {
      const page = await api.call(admin, `GET ${next}`);
      seen.push(...page.body.value);
      next = page.body['@odata.nextLink'];
    }
    assert.deepEqual(
      seen.map((user: { displayName: string }) => user.displayName),
      ['xb', 'xd', 'xe', 'xf', 'xh', 'xj'],
    );

    const changed = (change: (url: URL) => void) => {
      const url = new URL(first.body['@odata.nextLink']);
      change(url);
      return url.href;
    };
    const other = await api.makeTenant();
    for (const [who, link] of [
      [other.admin, first.body['@odata.nextLink']],
      [admin, changed((url) => url.searchParams.set('$filter', "startswith(displayName,'y')"))],
      [admin, changed((url) => url.searchParams.set('$orderby', 'mail'))],
      [admin, changed((url) => url.searchParams.set('$skiptoken', 'x'))],
      [admin, `${first.body['@odata.nextLink']}A`],
    ] as const) {
      const refused = await api.call(who, `GET ${link}`);
      assert.deepEqual([refused.status, refused.body.error?.code], [400, 'Directory_ExpiredPageToken'], link);
    }
  });

  test('users are filtered by what the directory can search', async () => {
    const { admin, domain } = await api.makeTenant();
    const create = async (name: string, more: object) => {
      const body = { userPrincipalName: `${name}@${domain}`, displayName: name, accountEnabled: true, ...more };
      return (await api.call(admin, 'POST /users', body)).body.id as string;
    };
    const before = new Date(Date.now() - 60_000).toISOString();
    const homer = await create('homer', {
      department: 'Operations',
      otherMails: ['homer@springfield.example', 'max@power.example'],
      accountEnabled: false,
    });
    const marge = await create('marge', {
      department: "O'Security",
      employeeHireDate: '2026-03-01T10:00:00Z',
      identities: [{ signInType: 'emailAddress', issuer: domain, issuerAssignedId: 'marge@mail.example' }],
    });
    for (const [filter, expected] of [
      ["department eq 'operations'", [homer]],
      ["department eq 'O''Security'", [marge]],
      ["department in ('Operations', 'O''Security')", [homer, marge]],
      ['accountEnabled eq false', [homer]],
      ["otherMails/any(m:m eq 'max@power.example')", [homer]],
      ["otherMails/any(anything: endswith(anything,'@POWER.example'))", [homer]],
      ["endswith(userPrincipalName,'@nowhere.example')", []],
      [`identities/any(c:c/issuerAssignedId eq 'marge@mail.example' and c/issuer eq '${domain}')`, [marge]],
      [`identities/any(i:i/issuer eq '${domain}' and i/issuerAssignedId eq 'homer@mail.example')`, []],
      ['employeeHireDate ge 2026-03-01T10:00:00Z', [marge]],
      ['employeeHireDate gt 2026-03-01T10:00:00Z', []],
      ["not (department eq 'Operations') and startswith(displayName,'m')", [marge]],
      ["department eq null and displayName eq 'homer'", []],
      [`createdDateTime ge ${before} and startswith(displayName,'marge')`, [marge]],
      [`createdDateTime lt ${before}`, []],
      [`id eq '${marge}'`, [marge]],
      [`id eq ${marge}`, [marge]],
      ["startswith(displayName,'homer') or startswith(displayName,'marge')", [homer, marge]],
    ] as const) {
      const { status, body } = await api.call(admin, `GET /users?$filter=${encodeURIComponent(filter)}`);
      assert.equal(status, 200, `${filter}: ${body.error?.message}`);
      assert.deepEqual(body.value.map((user: { id: string }) => user.id).sort(), [...expected].sort(), filter);
      const counted = await api.call(admin, `GET /users/$count?$filter=${encodeURIComponent(filter)}`);
      assert.deepEqual(
        [counted.headers['content-type'], counted.body],
        ['text/plain; charset=utf-8', String(expected.length)],
      );
    }
  });

  test('Interop: the user principal name is shown among the identities, and may be sent back', async () => {
    const { admin, domain } = await api.makeTenant();
    const own = { signInType: 'emailAddress', issuer: domain, issuerAssignedId: 'maude@mail.example' };
    const body = { displayName: 'Maude', accountEnabled: true, identities: [own] };
    const { id, userPrincipalName } = (await api.call(admin, 'POST /users', body)).body;
    assert.equal(userPrincipalName, `${id}@${domain}`, 'a local account gets a name');
    const { identities } = (await api.call(admin, `GET /users/${id}?$select=identities`)).body;
    const shown = { signInType: 'userPrincipalName', issuer: domain, issuerAssignedId: userPrincipalName };
    assert.deepEqual(identities, [own, shown]);
    assert.equal((await api.call(admin, `PATCH /users/${id}`, { identities })).status, 204);
    assert.deepEqual((await api.call(admin, `GET /users/${id}?$select=identities`)).body.identities, identities);
  });

  test('a manager is set, shown, expanded and removed', async () => {
    const { admin, domain } = await api.makeTenant();
    const body = { userPrincipalName: `lisa@${domain}`, displayName: 'Lisa', accountEnabled: true };
    const { id } = (await api.call(admin, 'POST /users', body)).body;
    const reference = { '@odata.id': `https://hub.test/v1.0/users/${admin.id}` };
    assert.equal((await api.call(admin, `GET /users/${id}/manager`)).status, 404);
    assert.equal((await api.call(admin, `PUT /users/${id}/manager/$ref`, reference)).status, 204);
    const manager = await api.call(admin, `GET /users/${id}/manager?$select=displayName`);
    assert.deepEqual(manager.body, {
      '@odata.context': 'https://hub.test/v1.0/$metadata#directoryObjects(displayName)/$entity',
      '@odata.type': '#microsoft.graph.user',
      id: admin.id,
      displayName: 'Admin',
    });
    const expanded = await api.call(admin, `GET /users/${id}?$expand=manager($select=id)&$select=displayName`);
    assert.deepEqual(expanded.body.manager, { '@odata.type': '#microsoft.graph.user', id: admin.id });
    const reports = await api.call(admin, `GET /users/${admin.id}/directReports`);
    assert.deepEqual(
      reports.body.value.map((user: { id: string }) => user.id),
      [id],
    );
    assert.equal((await api.call(admin, `DELETE /users/${id}/manager/$ref`)).status, 204);
    assert.equal((await api.call(admin, `DELETE /users/${id}/manager/$ref`)).status, 404);
  });

  test('of parallel creations with one user principal name, exactly one wins', async () => {
    const { admin, domain } = await api.makeTenant();
    const body = { userPrincipalName: `ned@${domain}`, displayName: 'Ned', accountEnabled: true };
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.call(admin, 'POST /users', body)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const { status, body: answer } of refused) {
      assert.deepEqual(
        [status, answer.error.code, answer.error.details[0].code],
        [400, 'Request_BadRequest', 'ObjectConflict'],
      );
    }
    assert.equal((await api.call(admin, "GET /users/$count?$filter=startswith(displayName,'Ned')")).body, '1');
  });

  test('If-Match: a change of a state that is no longer there is refused', async () => {
    const { admin, domain } = await api.makeTenant();
    const body = { userPrincipalName: `moe@${domain}`, displayName: 'Moe', accountEnabled: true };
    const { headers, body: created } = await api.call(admin, 'POST /users', body);
    const condition = { 'if-match': headers['etag'] ?? '' };
    assert.equal((await api.call(admin, `PATCH /users/${created.id}`, { jobTitle: 'a' }, condition)).status, 204);
    const refused = await api.call(admin, `PATCH /users/${created.id}`, { jobTitle: 'b' }, condition);
    assert.deepEqual([refused.status, refused.body.error.code], [412, 'PreconditionFailed']);
    assert.equal((await api.call(admin, `DELETE /users/${created.id}`, undefined, condition)).status, 412);
  });

  test('RFC 7240 4.2: who prefers return=minimal is sent no body', async () => {
    const { admin, domain } = await api.makeTenant();
    const body = { userPrincipalName: `apu@${domain}`, displayName: 'Apu', accountEnabled: true };
    const answer = await api.call(admin, 'POST /users', body, { prefer: 'return=minimal' });
    assert.deepEqual([answer.status, answer.body, answer.headers['preference-applied']], [204, '', 'return=minimal']);
    assert.match(answer.headers['location'] ?? '', /\/users\/[0-9a-f-]{36}$/);
  });

  test('somebody who holds an administrative role is managed by those only who may manage administrators', async () => {
    const { admin, tenantId, domain } = await api.makeTenant();
    const body = { userPrincipalName: `nelson@${domain}`, displayName: 'Nelson', accountEnabled: true };
    const { id } = (await api.call(admin, 'POST /users', body)).body;
    const role = { roleDefinitionId: 'fe930be7-5e62-47db-91af-98c3a49a38b1', principalId: id };
    assert.equal((await api.call(admin, 'POST /roleManagement/directory/roleAssignments', role)).status, 201);
    const nelson = { tenantId, id, may: ['User.ReadWrite.All'] };
    for (const who of [nelson]) {
      for (const change of [
        { passwordProfile: { password: 'correct horse battery' } },
        { accountEnabled: false },
        { userPrincipalName: `x@${domain}` },
      ]) {
        const refused = await api.call(who, `PATCH /users/${admin.id}`, change);
        assert.deepEqual([refused.status, refused.body.error.code], [403, 'Authorization_RequestDenied']);
      }
      assert.equal((await api.call(who, `DELETE /users/${admin.id}`)).status, 403);
      assert.equal((await api.call(who, `PATCH /users/${admin.id}`, { jobTitle: 'Boss' })).status, 204);
    }
    assert.equal((await api.call(admin, `PATCH /users/${id}`, { accountEnabled: false })).status, 204);
  });

  test('the signed-in user reads what is the user\u2019s own, and changes the password', async () => {
    const { admin, tenantId, domain } = await api.makeTenant();
    const password = 'correct horse battery';
    const created = await api.call(admin, 'POST /users', {
      userPrincipalName: `milhouse@${domain}`,
      displayName: 'Milhouse',
      accountEnabled: true,
      passwordProfile: { password },
    });
    const { id } = created.body;
    const milhouse = { tenantId, id, may: ['User.Read', 'UserAuthenticationMethod.ReadWrite'] };
    assert.equal((await api.call(milhouse, 'GET /me')).body.id, id);
    assert.equal((await api.call(milhouse, 'GET /users')).status, 403);
    assert.deepEqual((await api.call(milhouse, 'POST /me/getMemberGroups', {})).body.value, []);
    assert.deepEqual((await api.call(milhouse, 'GET /me/ownedObjects')).body.value, []);
    const newPassword = 'staple battery horse';
    const wrong = await api.call(milhouse, 'POST /me/changePassword', { currentPassword: 'no', newPassword });
    assert.equal(wrong.status, 400);
    const weak = await api.call(milhouse, 'POST /me/changePassword', {
      currentPassword: password,
      newPassword: 'short',
    });
    assert.deepEqual([weak.status, weak.body.error.innerError.code], [400, 'directory.password_too_short']);
    const expire = { passwordProfile: { forceChangePasswordNextSignIn: false } };
    assert.equal((await api.call(admin, `PATCH /users/${id}`, expire)).status, 204);
    assert.equal((await storage.read.passwords.find(tenantId, id))?.mustChange, false);
    const without = await api.call(admin, `PATCH /users/${admin.id}`, expire);
    assert.deepEqual([without.status, without.body.error.innerError.code], [400, 'directory.password_missing']);
    const change = { currentPassword: password, newPassword };
    assert.equal((await api.call(milhouse, 'POST /me/changePassword', change)).status, 204);
    assert.equal((await api.call(milhouse, 'POST /me/changePassword', change)).status, 400);
  });

  test('nothing of all this was a bug', () => assert.deepEqual(api.bugs, []));
});
