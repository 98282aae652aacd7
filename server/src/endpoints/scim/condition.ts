import { decidePrecondition, ScimError } from '@countersign/scim';
import type { DirectoryObject } from '../../directory/index.ts';
import { versionOf } from './build-resource.ts';
import type { ResourceRequest, ScimCall } from './call.ts';

/**
 * RFC 7644 3.14: a change is carried out only on the version that the client knows.
 * @throws ScimError `preconditionFailed`
 */
export function checkCondition(
  call: ScimCall,
  { ifMatch, ifNoneMatch }: ResourceRequest,
  object: DirectoryObject,
): void {
  const version = versionOf(call, object);
  if (version === undefined || decidePrecondition({ ifMatch, ifNoneMatch }, version, false) === 'proceed') return;
  throw new ScimError('preconditionFailed', `The resource has changed; its version is ${version} now. Read it again.`);
}
