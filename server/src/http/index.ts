/**
 * The only folder that knows the web framework. It takes mounts (routes as functions from a request value to an answer
 * value) and does for all of them what the web asks: TLS, the URL as the client sees it, limits of size, time and number,
 * headers that protect, one line of log, metrics, and a stop that cuts nobody off. It knows neither the protocols of the
 * mounts nor the database. HTTP Semantics: https://www.rfc-editor.org/rfc/rfc9110
 */
export { httpErrors } from './errors.ts';
export { CannotListenError } from './listen.ts';
export { type Log, openLog } from './log.ts';
export type { GaugeDefinition } from './metrics.ts';
export { type HttpOptions, type HttpServer, openHttp } from './open-http.ts';
export type { Failure, HttpRequest, HttpResponse, LateMount, Mount, Route } from './route.ts';
export { type IsTenantHost, ServedHosts } from './served-hosts.ts';
export { CertificateError, type Certificates, openCertificateFiles, openLocalCertificates } from './tls/index.ts';
export type { ReadinessCheck } from './watch-mount.ts';
