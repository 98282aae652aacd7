import { createSecureContext, type SecureContext } from 'node:tls';
import { RecentlyUsed } from '../../recently-used.ts';
import type { IsTenantHost } from '../served-hosts.ts';
import type { Certificates } from './certificates.ts';
import { LocalAuthority } from './local-authority.ts';

/** Most hosts whose certificates are ready in memory. */
const mostContexts = 500;

/** Host names of certificates (RFC 6066 3): they also become names of files. */
const hostForm = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

/**
 * Certificates of the hub's own authority: one for the public URL's host and this machine's names, and one for each host of
 * a tenant, made when a client first asks for it. Every other name gets the first, which does not fit.
 *
 * @param folder  made when it does not exist
 * @throws CertificateError when the authority in the folder cannot be used
 */
export async function openLocalCertificates(
  folder: string,
  publicHost: string,
  isTenantHost: IsTenantHost,
  now: () => Date,
): Promise<Certificates & { authorityFile: string }> {
  const authority = await LocalAuthority.open(folder, now());
  const ownNames = [...new Set([publicHost.replace(/^\[|\]$/g, ''), 'localhost', '127.0.0.1', '::1'])];
  const makeOwn = () => authority.certificateFor('own', ownNames, now());
  const contexts = new RecentlyUsed<{ context: SecureContext; renewAt: Date }>(mostContexts);
  let own = await makeOwn();

  /** Undefined for the default certificate. */
  async function contextFor(host: string): Promise<SecureContext | undefined> {
    if (ownNames.includes(host) || !hostForm.test(host)) return undefined;
    const kept = contexts.get(host);
    if (kept && kept.renewAt > now()) return kept.context;
    if (!(await isTenantHost(host))) return undefined;
    const { renewAt, ...pair } = await authority.certificateFor(`hosts/${host}`, [host], now());
    const context = createSecureContext(pair);
    contexts.keep(host, { context, renewAt });
    return context;
  }

  return {
    authorityFile: authority.file,
    options: {
      key: own.key,
      cert: own.cert,
      SNICallback: (host, done) => {
        contextFor(host.toLowerCase()).then(
          (context) => done(null, context),
          (error: Error) => done(error),
        );
      },
    },
    async refresh() {
      if (own.renewAt > now()) return undefined;
      own = await makeOwn();
      return own;
    },
  };
}
