import type { TlsOptions } from 'node:tls';

/** A private key and the chain that leads to its certificate's issuer, as PEM. */
export interface KeyAndChain {
  key: string;
  cert: string;
}

/** The certificates with which the server proves who it is. */
export interface Certificates {
  /** For the start of the server. */
  options: KeyAndChain & Pick<TlsOptions, 'SNICallback'>;
  /** A new default certificate when the one in use has changed or is due; to be called again and again. */
  refresh(): Promise<KeyAndChain | undefined>;
}

/** The certificates cannot be used. The message says why and what to do, in one sentence. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}
