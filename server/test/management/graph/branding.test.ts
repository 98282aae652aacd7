import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const logo = {
    contentType: 'image/png',
    data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  };

  test('the look of the pages is shown, changed setting by setting, and given up', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const path = `/organization/${tenantId}/branding`;
    const before = await api.call(admin, `GET ${path}`);
    assert.deepEqual([before.body.corners, before.body.logo, before.body.texts], ['round', null, {}]);
    assert.equal((await api.call(admin, `DELETE ${path}`)).status, 404, 'nothing is chosen yet');
    const texts = { en: { 'password.title': 'Hello' } };
    assert.equal((await api.call(admin, `PATCH ${path}`, { corners: 'square', logo, texts })).status, 204);
    assert.equal((await api.call(admin, `PATCH ${path}`, { corners: 'slight' })).status, 204);
    const { body } = await api.call(admin, `GET ${path}?$select=corners,logo,texts`);
    assert.deepEqual([body.corners, body.logo, body.texts], ['slight', logo, texts]);
    assert.equal((await api.call(admin, `DELETE ${path}`)).status, 204);
    assert.equal((await api.call(admin, `GET ${path}`)).body.logo, null);
    const events = await storage.read.audit.list(tenantId, {}, 10);
    assert.deepEqual(
      events.map(({ verb }) => verb),
      ['branding.remove', 'branding.save', 'branding.save'],
    );
  });

  test('a look that nobody can read, or that leads astray, is refused', async () => {
    const { admin, tenantId } = await api.makeTenant();
    for (const wrong of [
      { colours: { accent: '#ffff00', background: '#ffffff' } },
      { colours: { accent: 'red', background: '#ffffff' } },
      { corners: 'sharp' },
      { logo: { contentType: 'text/html', data: 'PGI+' } },
      { logo: { ...logo, data: 'no base64!' } },
      { links: [{ href: 'javascript:alert(1)', labels: { en: 'Imprint' } }] },
      { script: 'alert(1)' },
    ]) {
      const { status } = await api.call(admin, `PATCH /organization/${tenantId}/branding`, wrong);
      assert.equal(status, 400, JSON.stringify(wrong));
    }
  });

  test('the look of another tenant cannot be reached', async () => {
    const { admin } = await api.makeTenant();
    const { tenantId: other } = await api.makeTenant();
    for (const method of ['GET', 'DELETE']) {
      assert.equal((await api.call(admin, `${method} /organization/${other}/branding`)).status, 404);
    }
    assert.equal((await api.call(admin, `PATCH /organization/${other}/branding`, {})).status, 404);
  });

  test('a tenant says for how long its logs are kept', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const path = `/organization/${tenantId}`;
    const kept = async () => {
      const { body } = await api.call(
        admin,
        `GET ${path}?$select=auditRetentionDays,signInRetentionDays,provisioningRetentionDays`,
      );
      return [body.auditRetentionDays, body.signInRetentionDays, body.provisioningRetentionDays];
    };
    assert.deepEqual(await kept(), [null, 90, 30]);
    assert.equal((await api.call(admin, `PATCH ${path}`, { signInRetentionDays: 30 })).status, 204);
    assert.equal((await api.call(admin, `PATCH ${path}`, { auditRetentionDays: 365 })).status, 204);
    await api.call(admin, `PATCH ${path}`, { provisioningRetentionDays: 7 });
    assert.deepEqual(await kept(), [365, 30, 7]);
    await api.call(admin, `PATCH ${path}`, { signInRetentionDays: null });
    assert.deepEqual(await kept(), [365, null, 7]);
    for (const days of [0, -1, 1.5, 36_501, '30']) {
      assert.equal((await api.call(admin, `PATCH ${path}`, { signInRetentionDays: days })).status, 400, String(days));
    }
  });
});
