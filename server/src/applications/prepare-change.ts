import type { Act } from '../audit/index.ts';
import type { AttributeChange, Attributes, AttributeValue } from '../directory/index.ts';
import { type KeyCredential, readKeyCredentials } from './key-credential.ts';

type Complex = { [name: string]: AttributeValue };

/**
 * Turns a change as callers write it into one of whole attributes. Members of complex attributes may be named alone
 * (OData 4.01 11.4.3): a client that sends only `web/redirectUris` keeps `web/logoutUrl`. Null takes a value away; lists
 * are replaced as a whole, but key credentials keep the keys that nobody can read back.
 *
 * @throws Refusal `applications.key_credential_invalid`
 */
export function prepareChange(act: Act, before: Attributes, change: AttributeChange): AttributeChange {
  const { keyCredentials, ...others } = change;
  const merged = Object.entries(others).map(([name, value]) => [
    name,
    isComplex(value) ? merge(before[name], value) : value,
  ]);
  if (keyCredentials !== undefined) {
    const kept = (before['keyCredentials'] ?? []) as KeyCredential[];
    merged.push(['keyCredentials', readKeyCredentials(keyCredentials, kept, act.now, act.newId)]);
  }
  return Object.fromEntries(merged);
}

function merge(before: AttributeValue | undefined, change: Complex): Complex {
  const merged: Complex = isComplex(before) ? { ...before } : {};
  for (const [name, value] of Object.entries(change)) {
    if (value !== undefined) merged[name] = isComplex(value) ? merge(merged[name], value) : value;
  }
  return merged;
}

function isComplex(value: AttributeValue | undefined): value is Complex {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
