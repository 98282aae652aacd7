import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildOpenApi, operations } from '../src/index.ts';
import { parameterNames } from '../src/operation.ts';

test('OpenAPI 3.1 4.8.10: every operation is described, with each parameter of its path', () => {
  const document = buildOpenApi(operations, '1.2.3') as {
    paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string }[] }>>;
  };
  for (const [name, { path, method }] of Object.entries(operations)) {
    const described = document.paths[path]?.[method.toLowerCase()];
    assert.equal(described?.operationId, name);
    const inPath = described.parameters
      .filter((parameter) => parameter.in === 'path')
      .map((parameter) => parameter.name);
    assert.deepEqual(inPath, parameterNames(path));
  }
});

test('every operation but those for anybody names its permissions, the least privileged first', () => {
  for (const [name, { access }] of Object.entries(operations)) {
    if (typeof access === 'string') continue;
    assert.ok(access.delegated.length > 0, name);
    for (const permission of [...access.delegated, ...access.application])
      assert.match(permission, /^[A-Z]\w+\.[A-Z][\w.]+$/);
    assert.ok(access.roles === null || access.roles.includes('Global Administrator'), name);
  }
});
