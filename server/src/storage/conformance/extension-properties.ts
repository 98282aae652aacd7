import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExtensionProperty } from '../../directory/index.ts';
import type { OpenedDatabase } from './database.ts';

const at = new Date(1000);

function property(id: string, name: string): ExtensionProperty {
  return {
    id,
    applicationId: 'application-1',
    name,
    dataType: 'Integer',
    isMultiValued: true,
    targetKinds: ['user', 'group'],
    description: null,
    createdAt: at,
  };
}

/** What any store of extension properties must do. */
export function extensionPropertyConformance({ storage }: OpenedDatabase): void {
  const insert = (tenantId: string, wanted: ExtensionProperty) =>
    storage.write(({ extensionProperties }) => extensionProperties.insert(tenantId, wanted));

  test('extension properties are listed as they were declared, in their tenant only, until they are removed', async () => {
    const first = property('id-1', 'extension_0_level');
    const second = property('id-2', 'extension_0_badge');
    await insert('tenant-1', first);
    await insert('tenant-1', second);
    assert.deepEqual(await storage.read.extensionProperties.list('tenant-1'), [first, second]);
    assert.deepEqual(await storage.read.extensionProperties.list('tenant-2'), []);
    await storage.write(({ extensionProperties }) => extensionProperties.describe('tenant-2', 'id-1', 'Theirs', at));
    await storage.write(({ extensionProperties }) => extensionProperties.describe('tenant-1', 'id-1', 'A level', at));
    assert.deepEqual(await storage.read.extensionProperties.list('tenant-1'), [
      { ...first, description: 'A level' },
      second,
    ]);
    await storage.write(({ extensionProperties }) => extensionProperties.remove('tenant-1', 'id-1', at));
    assert.deepEqual(await storage.read.extensionProperties.list('tenant-1'), [second]);
  });

  test('a name is declared once in a tenant, without regard to case', async () => {
    await insert('tenant-3', property('id-3', 'extension_0_level'));
    const again = insert('tenant-3', property('id-4', 'extension_0_LEVEL'));
    await assert.rejects(again, { code: 'directory.extension_property_exists' });
    await insert('tenant-4', property('id-3', 'extension_0_level'));
  });
}
