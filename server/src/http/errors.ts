import { type RefusalDefinition, refusals } from '../refusal.ts';

/** Everything that is refused before a handler sees it. */
export const httpErrors = {
  'http.malformed_request': {
    status: 400,
    text: 'The request is not valid HTTP: {reason}.',
    advice: 'Mend the client.',
  },
  'http.malformed_url': {
    status: 400,
    text: 'The address of the request cannot be read.',
    advice: 'Encode the path with UTF-8 and percent signs (RFC 3986 2.1).',
  },
  'http.host_not_served': {
    status: 421,
    text: 'This server does not serve the host {host}.',
    advice:
      'Use the address in COUNTERSIGN_PUBLIC_URL, or add the host to a tenant. Behind a proxy, COUNTERSIGN_TRUSTED_PROXIES must name it.',
  },
  'http.not_encrypted': {
    status: 400,
    text: 'This server answers only through https.',
    advice: 'Use https. A proxy that terminates TLS must be trusted and send X-Forwarded-Proto.',
  },
  'http.metrics_token_wrong': {
    status: 401,
    text: 'The metrics need the bearer token of this server.',
    advice: 'Send `Authorization: Bearer` with the value of COUNTERSIGN_METRICS_TOKEN.',
  },
  'http.metrics_not_local': {
    status: 403,
    text: 'The metrics are shown only on the machine of the server.',
    advice: 'Set COUNTERSIGN_METRICS_TOKEN and send it, or ask from the machine itself.',
  },
  'http.not_found': {
    status: 404,
    text: 'There is nothing at this address.',
    advice: 'Check the path. The start of the server prints the addresses that it serves.',
  },
  'http.method_not_allowed': {
    status: 405,
    text: 'This address does not answer to {method}.',
    advice: 'Use one of the methods in the header Allow.',
  },
  'http.request_too_slow': {
    status: 408,
    text: 'The request did not arrive in time.',
    advice: 'Send the whole request without pauses.',
  },
  'http.body_too_large': {
    status: 413,
    text: 'The body of the request is larger than {limit} bytes.',
    advice: 'Send less at a time, or raise COUNTERSIGN_LARGEST_REQUEST_BYTES.',
  },
  'http.url_too_long': {
    status: 414,
    text: 'The address of the request is longer than {limit} bytes.',
    advice: 'Send long values in the body.',
  },
  'http.media_type_not_supported': {
    status: 415,
    text: 'The header {header} of the request names a form that is not understood here.',
    advice: 'Send a valid Content-Type, and the body without Content-Encoding.',
  },
  'http.too_many_requests': {
    status: 429,
    text: 'Too many requests. Try again in {retryAfterSeconds} seconds.',
    advice:
      'Wait as long as Retry-After says. COUNTERSIGN_REQUESTS_PER_MINUTE_PER_ADDRESS and _PER_TENANT set the limits.',
  },
  'http.headers_too_large': {
    status: 431,
    text: 'The headers of the request are larger than {limit} bytes.',
    advice: 'Send fewer or smaller cookies and tokens.',
  },
} as const satisfies Record<string, RefusalDefinition>;

export const refuse = refusals(httpErrors);
