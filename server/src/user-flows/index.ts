/**
 * What a sign-in asks of a person: flows, and their steps as functions from state and input to the next form. Relies on
 * directory and applications; knows neither HTML nor HTTP, and steps never route to one another.
 */

export { type AccountTask, type AccountTaskStep, accountTaskSteps } from './account-task.ts';
export { type AttemptLimit, claimAttempt, forgiveAttempt } from './attempts.ts';
export type { AuthenticationMethod, PasskeyMethod, PhoneMethod, TotpMethod } from './authentication-method.ts';
export {
  addMailbox,
  addPhone,
  removeAuthenticationMethod,
  removeMailbox,
  tellUser,
} from './authentication-methods.ts';
export { accountFlow, customerFlow, staffFlow, staffFlowName } from './built-in-flow.ts';
export type { FlowChange } from './changed-flow.ts';
export { type ConsentState, mayConsent, type ResourceScopes, readConsent } from './consent.ts';
export { userFlowsErrors } from './errors.ts';
export { findAccount, identitiesOf } from './find-account.ts';
export type * from './flow.ts';
export {
  declareFlowAttribute,
  describeFlowAttribute,
  type FlowAttribute,
  getFlowAttribute,
  listFlowAttributes,
  removeFlowAttribute,
} from './flow-attributes.ts';
export { changeFlow, createFlow, getFlow, listFlows, removeFlow, saveFlow } from './flows.ts';
export * from './form.ts';
export { limitedAddress } from './limited-address.ts';
export { identityKey, linkedIdentitiesOf, mayLink, providerOfIdentity } from './linked-accounts.ts';
export type { CodePlace, CodePurpose } from './one-time-codes.ts';
export { type Mail, type OutgoingMessage, queueMessage, type TextMessage } from './outgoing-message.ts';
export { passkeysAt, relyingParty, unnamedPasskey } from './passkeys.ts';
export { problemOf } from './problem.ts';
export { type Arrival, firstProgress, type Home, type Progress } from './progress.ts';
export { provePassword } from './prove-password.ts';
export type { FactorMethod, FederatedProof, ProvenFactor } from './proven-factor.ts';
export { areButtonsEnough } from './provider-choice.ts';
export { presentPasswordLimits } from './sign-in-limits.ts';
export type * from './step.ts';
export { type StepName, stepNames } from './step-name.ts';
export { steps } from './steps/index.ts';
export type * from './store.ts';
export { mailAddressOf, signInNameOf } from './user-names.ts';
