import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { type Client, createClient, ManagementApiError } from '@countersign/management-api';
import { TenantFileError } from '@countersign/management-api/tenant-file';
import { type CommandCall, CommandError, type CommandOption, textOption } from './command.ts';
import { readServerProgram } from './server-program.ts';

/** Options of every command that talks to a hub. */
export const connectionOptions = {
  url: {
    type: 'string',
    value: 'address',
    meaning:
      'Address of the hub. Default: COUNTERSIGN_CLI_URL, else COUNTERSIGN_PUBLIC_URL, else localhost with COUNTERSIGN_PORT or 8443.',
  },
  ca: {
    type: 'string',
    value: 'file',
    meaning:
      'Certificate of the authority that the hub’s certificate comes from. Default: COUNTERSIGN_CLI_CA, else that of the data folder.',
  },
  token: {
    type: 'string',
    value: 'token',
    meaning: 'Access token. Default: COUNTERSIGN_CLI_TOKEN, else one that the server program on this machine signs.',
  },
} as const satisfies Record<string, CommandOption>;

/** The option of commands that work in one tenant. */
export const tenantOption = {
  tenant: { type: 'string', value: 'name', meaning: 'Tenant, by name, domain or id. Default: the hub’s own.' },
} as const satisfies Record<string, CommandOption>;

/** A hub that can be talked to. */
export interface Connection {
  baseUrl: string;
  /** The client that acts in a tenant; in the hub's own one without a name. */
  clientOf(tenant?: string): Client;
}

/** Prepares to talk to the hub that the command line names. Nothing is sent yet. */
export function connect({ values, environment }: CommandCall): Connection {
  const given = (option: string, variable: string) => textOption(values, option) ?? environment[variable];
  const { COUNTERSIGN_PUBLIC_URL: publicUrl, COUNTERSIGN_PORT: port = '8443' } = environment;
  const address = given('url', 'COUNTERSIGN_CLI_URL') ?? publicUrl ?? `https://localhost:${port}`;
  if (!URL.canParse(address)) throw new CommandError(`${address} is no address. Write it like https://localhost:8443.`);
  trustAuthority(given('ca', 'COUNTERSIGN_CLI_CA'), environment['COUNTERSIGN_DATA_FOLDER'] ?? 'data');

  const { origin } = new URL(address);
  const baseUrl = `${origin}/v1.0`;
  const token = given('token', 'COUNTERSIGN_CLI_TOKEN');
  return {
    baseUrl,
    clientOf(tenant) {
      // Tokens name the hub as its settings do, which may stand in the environment of the server alone.
      const settings = { COUNTERSIGN_PUBLIC_URL: publicUrl ?? origin };
      const inTenant = tenant === undefined ? [] : ['--tenant', tenant];
      const signed = lazily(() => readServerProgram(['token', ...inTenant], settings));
      return createClient({
        baseUrl,
        token: token ?? (async () => (await signed()).trim()),
        fetch: (...parameters) => fetch(...parameters).catch((error: unknown) => explainUnreachable(address, error)),
      });
    },
  };
}

/** The client that acts in the tenant that the command line names. */
export function connectToTenant(call: CommandCall): Client {
  return connect(call).clientOf(textOption(call.values, 'tenant'));
}

function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Believes the named authority, or the local one of the data folder, besides the usual ones. */
function trustAuthority(file: string | undefined, dataFolder: string): void {
  const local = path.resolve(dataFolder, 'tls/ca.pem');
  const chosen = file ?? (existsSync(local) ? local : undefined);
  if (chosen === undefined) return;
  if (!existsSync(chosen))
    throw new CommandError(`There is no file ${chosen}. Name the authority's certificate with --ca.`);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(chosen, 'utf8')]);
}

function explainUnreachable(address: string, error: unknown): never {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    throw new CommandError(`The certificate of ${address} is not trusted (${code}). Name its authority with --ca.`);
  }
  throw new CommandError(`The hub at ${address} does not answer (${code}). Is it started? --url names another.`);
}

/** What an answer of the hub that is no success, or a file that cannot be applied, means to a person. */
export function explainRefusal(error: unknown): unknown {
  if (error instanceof TenantFileError) return new CommandError(error.message);
  if (!(error instanceof ManagementApiError)) return error;
  const reference = error.requestId === undefined ? '' : ` (request ${error.requestId})`;
  return new CommandError(`${error.message} [${error.code}]${reference}`);
}
