/** Limits that protect the server and that nobody needs to set. Times are in milliseconds, sizes in bytes. */
export interface Limits {
  /** From the first byte of a request to the end of its headers. */
  headersTime: number;
  /** From the first byte of a request to the end of its body. */
  requestTime: number;
  /** From the end of the headers to the answer's first byte. */
  answerTime: number;
  /** Without a byte in either direction on a connection. */
  silentTime: number;
  /** Until the next request on a connection. Longer than proxies usually keep theirs, so that they end it first. */
  keepAliveTime: number;
  /** From the connection to the end of the TLS handshake. */
  handshakeTime: number;
  /** For requests that are being answered when the server is told to stop. */
  stopTime: number;
  /** All headers together. Tokens with many groups are large. */
  headerBytes: number;
  urlBytes: number;
}

export const limits: Limits = {
  headersTime: 15_000,
  requestTime: 60_000,
  answerTime: 60_000,
  silentTime: 120_000,
  keepAliveTime: 75_000,
  handshakeTime: 10_000,
  stopTime: 10_000,
  headerBytes: 32_768,
  urlBytes: 16_384,
};
