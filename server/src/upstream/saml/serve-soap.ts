import {
  answerLogoutBySoap,
  maximumAgeSeconds,
  partialLogout,
  SamlStatusError,
  type Status,
  success,
  verifyMessage,
} from '@countersign/saml';
import type { XmlElement } from '@countersign/xml';
import { newAssertionId, xmlDigest, xmlSigner } from '../../issuance/index.ts';
import type { CalledSignOut, ServedSignOut } from '../../sign-in/index.ts';
import { entityIdOf } from '../entity-id.ts';
import type { BetweenOf, SignOutParts } from '../protocol.ts';
import { clockSkewSeconds, signatureTrust } from './message.ts';
import { failureOf } from './saml-failures.ts';
import { meantBy, readLogoutRequest } from './saml-sign-out.ts';

type Between = BetweenOf<'saml'>;

/** Makes what answers providers that end sessions by SOAP, without a browser (SAML Bindings 3.2, SAML Profiles 4.4.3.2). */
export function samlSoapServer({ keys, publicUrl, newSecret, useId }: SignOutParts) {
  async function logOut(between: Between, message: XmlElement, end: CalledSignOut['end']): Promise<Status> {
    const { provider, tenantId, soapAddress, now } = between;
    // SAML Profiles 4.4.4.1: whoever asks proves to be it, and over this channel nothing else does.
    const verified = await verifyMessage(message, signatureTrust(provider.saml), true, xmlDigest);
    const request = await readLogoutRequest(keys, between, verified.element, soapAddress);
    // SAML Core 1.3.4: an id is used once. Without an index a request that came again would end later sessions, too.
    const until = new Date(now.getTime() + (maximumAgeSeconds + 2 * clockSkewSeconds) * 1000);
    if (!(await useId(tenantId, `logout ${provider.issuer} ${request.id}`, until))) {
      throw new SamlStatusError('message.replayed', `"${request.id}" came before.`);
    }
    const isComplete = await end(meantBy(between, request));
    return isComplete ? success : partialLogout;
  }

  return async (between: Between, { envelope, reference, end }: CalledSignOut): Promise<ServedSignOut> => {
    const { tenantId, now } = between;
    const { refused, ...answer } = await answerLogoutBySoap(envelope, {
      id: newAssertionId(newSecret),
      now,
      issuer: entityIdOf(publicUrl, tenantId),
      signer: xmlSigner(await keys.signer(tenantId)),
      digest: xmlDigest,
      reference,
      logOut: (message) => logOut(between, message, end),
    });
    return { ...answer, refused: refused && failureOf(refused) };
  };
}
