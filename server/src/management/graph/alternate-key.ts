/** The value of an alternate key in a path, such as `appId` in `/servicePrincipals(appId='...')`. OData 4.01 URL 4.3.2 */
export function alternateKey(key: string, name: string): string | undefined {
  return key.toLowerCase().startsWith(`${name.toLowerCase()}=`) ? key.slice(name.length + 1) : undefined;
}
