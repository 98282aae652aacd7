// Something that makes tokens for its workloads, as a Kubernetes cluster does: an issuer with metadata and keys.
import { createSign } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from './certificate.ts';

export interface Cluster {
  issuer: string;
  /** In PEM, to be trusted by whoever asks for the keys. */
  certificate: string;
  /** A token of a workload. */
  token(subject: string, audience: string): Promise<string>;
  stop(): void;
}

export async function startCluster(): Promise<Cluster> {
  const { certificatePem, privateKeyPem, publicKey } = await makeCertificate();
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'cluster', use: 'sig', alg: 'RS256' };
  const server = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
    const documents: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': { issuer: issuer(), jwks_uri: `${issuer()}/keys` },
      '/keys': { keys: [jwk] },
    };
    const document = documents[request.url ?? ''];
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve);
  });
  const issuer = () => `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    issuer: issuer(),
    certificate: certificatePem,
    async token(subject, audience) {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer(), sub: subject, aud: [audience], iat: now, nbf: now, exp: now + 600 };
      const input = [{ alg: 'RS256', kid: 'cluster' }, claims].map(encode).join('.');
      return `${input}.${createSign('RSA-SHA256').update(input).sign(privateKeyPem, 'base64url')}`;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
