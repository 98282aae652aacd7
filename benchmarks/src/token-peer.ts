// What a token endpoint of Node costs at least: `node token-peer.ts bare|oidc-provider <port> RS256|ES256 <pem file>`. `bare`
// only reads a form and signs the claims that the hub signs; `oidc-provider` is the library as it comes, with all that it
// keeps in memory.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

const [kind = '', port = '', algorithm = '', file = ''] = process.argv.slice(2);
const issuer = `https://localhost:${port}`;
const resource = 'https://api.bench.example';
const { privateKey } =
  algorithm === 'RS256'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The claims that the hub gives a client that acts for itself. */
function token(clientId: string): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    sub: clientId,
    client_id: clientId,
    aud: resource,
    jti: randomUUID(),
    iat,
    exp: iat + 3600,
  };
  const signed = `${encode({ alg: algorithm, typ: 'at+jwt', kid: 'bench' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

const bare: RequestListener = (request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  request.on('end', () => {
    const form = new URLSearchParams(text);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    const clientId = form.get('client_id') ?? '';
    response.end(JSON.stringify({ access_token: token(clientId), expires_in: 3600, token_type: 'Bearer' }));
  });
};

function library(): RequestListener {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'bench',
        client_secret: 'bench-secret-of-32-characters-ok',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: algorithm as 'RS256',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'bench', alg: algorithm, use: 'sig' } as never] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: '',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: algorithm as 'RS256' } },
        }),
      },
    },
  });
  return provider.callback();
}

const pem = readFileSync(file);
createServer({ key: pem, cert: pem }, kind === 'bare' ? bare : library()).listen(Number(port), '127.0.0.1');
