/** What the API is told at its start, by environment variables. */
export interface Settings {
  listenAddress: string;
  port: number;
  /** A policy of the tenant, such as `https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signupsignin1/v2.0`. */
  authority: string;
  /** Application id of this API: tokens for others are refused. */
  audience: string;
  /** File of the database. */
  dataFile: string;
}

/** @throws Error that names the variable that is missing or wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const required = (name: string) => {
    const value = environment[name];
    if (!value) throw new Error(`Set ${name}; the README says what to.`);
    return value;
  };
  const port = Number(environment['PORT'] ?? 5081);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT is no TCP port.');
  return {
    listenAddress: environment['LISTEN_ADDRESS'] ?? '127.0.0.1',
    port,
    authority: required('AUTHORITY'),
    audience: required('AUDIENCE'),
    dataFile: environment['DATA_FILE'] ?? 'insurance.db',
  };
}
