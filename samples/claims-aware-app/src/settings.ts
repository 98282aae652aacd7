/** What the application is told at its start, by environment variables. */
export interface Settings {
  listenAddress: string;
  port: number;
  /** Address at which browsers reach this application, without a slash at its end. */
  publicUrl: string;
  /** The tenant at the hub, such as `https://localhost:8443/myoc.onmicrosoft.com`. */
  tenantUrl: string;
  /** By what the hub knows this application in WS-Federation. */
  realm: string;
  /** By what the hub knows this application in SAML. */
  entityId: string;
}

/** @throws Error that names the variable that is missing or wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const tenantUrl = environment['TENANT_URL'];
  if (!tenantUrl) throw new Error('Set TENANT_URL; the README says what to.');
  const port = Number(environment['PORT'] ?? 5082);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT is no TCP port.');
  return {
    listenAddress: environment['LISTEN_ADDRESS'] ?? '127.0.0.1',
    port,
    publicUrl: environment['PUBLIC_URL'] ?? `http://localhost:${port}`,
    tenantUrl,
    realm: environment['REALM'] ?? 'urn:myoc:claims-aware-app',
    entityId: environment['ENTITY_ID'] ?? 'urn:myoc:claims-aware-app:saml',
  };
}
