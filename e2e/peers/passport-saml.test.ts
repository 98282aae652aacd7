// passport-saml, unmodified, as an application.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Profile, Strategy } from '@node-saml/passport-saml';
import passport from 'passport';
import { freePort } from '../../tools/free-port.ts';
import { makeCertificate } from './certificate.ts';
import { type ServiceProvider, testServiceProvider } from './service-provider.ts';

type Request = IncomingMessage & {
  query: Record<string, string>;
  body: Record<string, string> | undefined;
  user: Profile | undefined;
  logOut(done: () => void): void;
};

async function start(metadata: string): Promise<ServiceProvider> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { certificatePem, privateKeyPem } = await makeCertificate();
  const signedIn = new Map<string, Profile>();
  const options: ConstructorParameters<typeof Strategy>[0] = {
    issuer: `${origin}/metadata`,
    audience: `${origin}/metadata`,
    callbackUrl: `${origin}/acs`,
    logoutCallbackUrl: `${origin}/slo`,
    idpIssuer: /entityID="([^"]*)"/.exec(metadata)?.[1] ?? '',
    idpCert: /<ds:X509Certificate>([^<]*)</.exec(metadata)?.[1] ?? '',
    entryPoint: /SingleSignOnService[^>]*Location="([^"]*)"/.exec(metadata)?.[1] ?? '',
    logoutUrl: /SingleLogoutService[^>]*Location="([^"]*)"/.exec(metadata)?.[1] ?? '',
    privateKey: privateKeyPem,
    publicCert: certificatePem,
    decryptionPvk: privateKeyPem,
    identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    disableRequestedAuthnContext: true,
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: true,
    // Both run on this machine.
    acceptedClockSkewMs: 0,
  };
  const take = (profile: Profile | null, done: (error: null, user?: Record<string, unknown>) => void) =>
    profile ? done(null, { ...profile }) : done(null);
  const find = (profile: Profile | null, done: (error: null, user?: Record<string, unknown>) => void) =>
    done(
      null,
      [...signedIn.values()].find(({ sessionIndex }) => sessionIndex === profile?.sessionIndex),
    );
  const asking = new Strategy(options, take, find);
  const strategies = { asking, passive: new Strategy({ ...options, name: 'passive', passive: true }, take, find) };
  // The declarations of both packages mean other copies of Express's.
  for (const [name, strategy] of Object.entries(strategies)) {
    passport.use(name, strategy as unknown as passport.Strategy);
  }

  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '', origin);
    const session = /passport=(\w*)/.exec(incoming.headers.cookie ?? '')?.[1] ?? '';
    const user = signedIn.get(session);
    const forget = () => signedIn.delete(session);
    const request: Request = Object.assign(incoming, {
      query: Object.fromEntries(url.searchParams),
      body: incoming.method === 'POST' ? await formOf(incoming) : undefined,
      user,
      logOut(done: () => void) {
        forget();
        done();
      },
    });
    if (url.pathname === '/metadata') {
      response.end(asking.generateServiceProviderMetadata(certificatePem, certificatePem));
    } else if (url.pathname === '/' && user) {
      const { nameID: nameId, mail, groups } = user;
      response.end(JSON.stringify({ nameId, mail, groups: [groups].flat().join(';') }));
    } else if (url.pathname === '/sign-out' && user) {
      // Its declarations want a request of Express, of which it reads these alone.
      asking.logout(request as unknown as Parameters<typeof asking.logout>[0], (error, location) => {
        forget();
        response.writeHead(error ? 500 : 303, { location: location ?? '' }).end(error?.message);
      });
    } else {
      authenticate(url.pathname === '/passive' ? 'passive' : 'asking', request, response);
    }
  });

  function authenticate(strategy: string, request: Request, response: ServerResponse): void {
    const done = (error: Error | null, profile?: Profile | false) => {
      // It hands out nobody where the status is NoPassive, and throws where it is another.
      if (error || !profile) return response.end(error?.message ?? 'NoPassive');
      const session = crypto.randomUUID().replaceAll('-', '');
      signedIn.set(session, profile);
      return response.writeHead(303, { location: '/', 'set-cookie': `passport=${session}` }).end();
    };
    passport.authenticate(strategy, { session: false }, done)(request, response, (error?: Error) =>
      response.end(error ? error.message : 'signed out'),
    );
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    metadata: await (await fetch(`${origin}/metadata`)).text(),
    home: `${origin}/`,
    asksFor: 'persistent',
    passive: `${origin}/passive`,
    signOut: `${origin}/sign-out`,
    async stop() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

async function formOf(request: IncomingMessage): Promise<Record<string, string>> {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  return Object.fromEntries(new URLSearchParams(body));
}

testServiceProvider('passport-saml', start);
