import { domainToASCII } from 'node:url';
import { refuse } from './errors.ts';

/**
 * First path segments that mean something else than a tenant: authorities of no single tenant, and every path that the
 * server serves itself or may come to serve.
 */
const reserved = new Set([
  ...['common', 'organizations', 'consumers'],
  ...['adfs', 'tfp', 'te', 'subscriptions', 'providers', 'tenants', 'metadata', 'msi', 'identity', 'batch', 'beta'],
  ...['scim', 'saml', 'saml2', 'wsfed', 'trust', 'oauth', 'oauth2', 'openid', 'federationmetadata', 'discovery'],
  ...[
    'api',
    'graph',
    'arm',
    'relay',
    'sync',
    'portal',
    'console',
    'admin',
    'assignment',
    'federation',
    'client',
    'token',
  ],
  ...['health', 'healthz', 'readyz', 'livez', 'metrics', 'setup', 'static', 'assets', 'public', 'favicon', 'robots'],
  ...['login', 'logout', 'signin', 'signup', 'device', 'devicelogin', 'error', 'kmsi', 'me', 'myaccount', 'www'],
]);

/**
 * Checks the short name of a tenant.
 * @throws Refusal `directory.tenant_name_invalid`
 */
export function checkTenantName(name: string): void {
  const problem = tenantNameProblem(name);
  if (problem) throw refuse('directory.tenant_name_invalid', { name: name.slice(0, 64), problem });
}

function tenantNameProblem(name: string): string | undefined {
  if (!/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(name)) return 'is not of the form of a name';
  if (reserved.has(name)) return 'is reserved';
  // GUIDs may begin with a letter; in a path they are always ids.
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(name) ? 'looks like an id' : undefined;
}

/**
 * The domain as it is kept: lower case, international names in their ASCII form (RFC 5891).
 * @throws Refusal `directory.domain_invalid`
 */
export function parseDomain(text: string): string {
  return dnsName(text) ?? raise('directory.domain_invalid', 'domain', text);
}

/**
 * The host name as it is kept.
 * @throws Refusal `directory.host_invalid`
 */
export function parseHost(text: string): string {
  return dnsName(text) ?? raise('directory.host_invalid', 'host', text);
}

/** A full DNS name (RFC 1123 2.1): labels of letters, digits and inner dashes, the last one not a number. */
function dnsName(text: string): string | undefined {
  const name = text.length <= 253 ? domainToASCII(text) : '';
  return /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name) && name.length <= 253
    ? name
    : undefined;
}

function raise(code: 'directory.domain_invalid' | 'directory.host_invalid', part: string, text: string): never {
  throw refuse(code, { [part]: text.slice(0, 100), problem: 'is not a full DNS name' });
}
