// Peers without declarations of their own, as far as the tests use them.

declare module 'passport-wsfed-saml2' {
  type Verify = (profile: Readonly<Record<string, string>>, done: (error: Error | null, user?: object) => void) => void;
  const peer: { Strategy: new (options: object, verify: Verify) => import('passport').Strategy };
  export default peer;
}

declare module 'adal-node/lib/mex.js' {
  export default class Mex {
    constructor(context: object, url: string);
    usernamePasswordPolicy: { url: string; version: string };
    discover(done: (error?: Error | null) => void): void;
  }
}

declare module 'adal-node/lib/wstrust-request.js' {
  export default class WSTrustRequest {
    constructor(context: object, url: string, appliesTo: string, version: string);
    acquireToken(
      username: string,
      password: string,
      done: (error: Error | null | undefined, response: { token: string; tokenType: string }) => void,
    ): void;
  }
}
