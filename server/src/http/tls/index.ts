/**
 * Where the server's certificates come from: an own certificate authority in the data folder, or files of the
 * administrator. Relies on @peculiar/x509 for making certificates and loads it only then. With a proxy that terminates TLS
 * nothing of this is used.
 */
export { openCertificateFiles } from './certificate-files.ts';
export { CertificateError, type Certificates } from './certificates.ts';
export { openLocalCertificates } from './local-certificates.ts';
