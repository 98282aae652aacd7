import type { HttpRequest } from '../../http.ts';

/** Whether a client of Microsoft's asks, as far as it can be told from anything but scopes and the address. */
export function isMarked({ url, headers }: HttpRequest, parameters: URLSearchParams): boolean {
  return (
    parameters.get('client_info') === '1' ||
    parameters.get('grant_type') === 'device_code' ||
    [...parameters.keys(), ...Object.keys(headers)].some((name) => name.toLowerCase() === 'x-client-sku') ||
    url.searchParams.has('client-request-id') ||
    isShared(url)
  );
}

/** Names that stand in addresses for the tenant at which an account or an application is at home. */
export const sharedNames = ['common', 'organizations'] as const;

function isShared({ pathname }: URL): boolean {
  const [, first = ''] = pathname.split('/');
  return isSharedName(first);
}

export function isSharedName(name: string): boolean {
  return sharedNames.some((shared) => shared === name.toLowerCase());
}
