/** What the web application is told at its start, by environment variables. */
export interface Settings {
  listenAddress: string;
  port: number;
  /** Address at which browsers reach this application, without a slash at its end. */
  publicUrl: string;
  /** The tenant at the hub, such as `https://contoso.b2clogin.com/contoso.onmicrosoft.com`. */
  tenantUrl: string;
  clientId: string;
  clientSecret: string;
  /** Address of the insurance API. */
  apiUrl: string;
  /** Where the mails can be read that the hub sends, when it has a page for that. */
  mailPage: string | undefined;
}

/** @throws Error that names the variable that is missing or wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const required = (name: string) => {
    const value = environment[name];
    if (!value) throw new Error(`Set ${name}; the README says what to.`);
    return value;
  };
  const port = Number(environment['PORT'] ?? 5080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT is no TCP port.');
  return {
    listenAddress: environment['LISTEN_ADDRESS'] ?? '127.0.0.1',
    port,
    publicUrl: environment['PUBLIC_URL'] ?? `http://localhost:${port}`,
    tenantUrl: required('TENANT_URL'),
    clientId: required('CLIENT_ID'),
    clientSecret: required('CLIENT_SECRET'),
    apiUrl: environment['API_URL'] ?? 'http://127.0.0.1:5081',
    mailPage: environment['MAIL_PAGE'] || undefined,
  };
}
