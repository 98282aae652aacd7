import { type MessageParameter, SamlStatusError } from '@countersign/saml';
import type { HttpResponse } from '../http.ts';
import { goOnSigningOut, signOut } from './logout.ts';
import { type ReceivedMessage, receiveMessage } from './receive-message.ts';
import type { SamlCall } from './saml-call.ts';
import { signOn } from './sign-on.ts';

interface Answering {
  parameter: MessageParameter;
  answer: (call: SamlCall, message: ReceivedMessage) => Promise<HttpResponse>;
}

/** By the name of the message. Interop: applications for Entra send all of them to one address. */
const answers: Readonly<Record<string, Answering>> = {
  AuthnRequest: { parameter: 'SAMLRequest', answer: signOn },
  LogoutRequest: { parameter: 'SAMLRequest', answer: signOut },
  LogoutResponse: { parameter: 'SAMLResponse', answer: goOnSigningOut },
};

/** Answers whatever an application sends through a browser. @throws SamlStatusError as long as no reply address is proven */
export async function answerMessage(call: SamlCall): Promise<HttpResponse> {
  const message = await receiveMessage(call);
  const { name } = message.element;
  const answering = Object.hasOwn(answers, name) ? answers[name] : undefined;
  if (answering?.parameter !== message.parameter) {
    throw new SamlStatusError('message.kind', `No ${name} is expected as ${message.parameter}.`);
  }
  return answering.answer(call, message);
}
