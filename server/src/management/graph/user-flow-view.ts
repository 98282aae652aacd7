import type { ParsedRequestOf, userFlowOperations } from '@countersign/management-api';
import type { ExtensionProperty } from '../../directory/index.ts';
import {
  type AccountName,
  type FlowAttribute,
  type FlowChange,
  type FlowType,
  staffFlow,
  staffFlowName,
  type UserFlow,
} from '../../user-flows/index.ts';
import { badRequest } from './error.ts';
import type { Shown } from './resource-view.ts';

type ChangeBody = ParsedRequestOf<typeof userFlowOperations.updateUserFlow>;
type DataType = ParsedRequestOf<typeof userFlowOperations.createUserFlowAttribute>['dataType'];

/** Our types of flows, by Microsoft Graph's. */
export const flowTypes = {
  signUpOrSignIn: 'signUpOrSignIn',
  signUp: 'signUp',
  signIn: 'signIn',
  profileUpdate: 'profileEditing',
  passwordReset: 'passwordReset',
} as const satisfies Record<string, FlowType>;

interface LocalProvider {
  accountName: AccountName;
  identityProviderType: string;
  displayName: string;
}

/** The kinds of local accounts as identity providers. The first has the id that Microsoft Graph gives it. */
export const localProviders: Readonly<Record<string, LocalProvider>> = {
  'EmailPassword-OAUTH': {
    accountName: 'emailAddress',
    identityProviderType: 'EmailPassword',
    displayName: 'Email with password',
  },
  UserNamePassword: {
    accountName: 'userName',
    identityProviderType: 'UserNamePassword',
    displayName: 'User name with password',
  },
  UserPrincipalNamePassword: {
    accountName: 'userPrincipalName',
    identityProviderType: 'UserPrincipalNamePassword',
    displayName: 'User principal name with password, as staff has it',
  },
};

/** By this id the API names the flow that has no name: the one in which staff signs in. */
const staffId = 'staff';

export function nameOfFlow(id: string): string {
  return id.toLowerCase() === staffId ? staffFlowName : id;
}

export function idOfFlow({ name }: UserFlow): string {
  return name === staffFlowName ? staffId : name;
}

export function flowView(flow: UserFlow): Shown {
  const { name: _, type, accountNames, ...settings } = flow;
  const [userFlowType] = Object.entries(flowTypes).find(([, ours]) => ours === type) ?? [];
  const identityProviders = accountNames.flatMap((name) =>
    Object.keys(localProviders).filter((id) => localProviders[id]?.accountName === name),
  );
  return { id: idOfFlow(flow), userFlowType, identityProviders, isBuiltIn: flow === staffFlow, ...settings };
}

/** @throws GraphError `BadRequest` when an identity provider is unknown */
export function flowChange({ userFlowType, identityProviders, ...change }: ChangeBody): FlowChange {
  return {
    ...(change as FlowChange),
    ...(userFlowType && { type: flowTypes[userFlowType] }),
    ...(identityProviders && { accountNames: identityProviders.map(accountNameOf) }),
  };
}

function accountNameOf(providerId: string): AccountName {
  const provider = Object.hasOwn(localProviders, providerId) ? localProviders[providerId] : undefined;
  if (!provider) {
    throw badRequest(`There is no identity provider '${providerId}': take ${Object.keys(localProviders).join(', ')}.`);
  }
  return provider.accountName;
}

export function providerView(id: string): Shown {
  const { displayName, identityProviderType } = localProviders[id] ?? {};
  return { id, '@odata.type': '#microsoft.graph.builtInIdentityProvider', displayName, identityProviderType };
}

export const dataTypes: Readonly<Record<DataType, ExtensionProperty['dataType']>> = {
  string: 'String',
  boolean: 'Boolean',
  int64: 'LargeInteger',
  dateTime: 'DateTime',
};

export function attributeView({ name, type, own }: FlowAttribute): Shown {
  return {
    id: name,
    '@odata.type': `#microsoft.graph.identity${own ? 'Custom' : 'BuiltIn'}UserFlowAttribute`,
    createdDateTime: own?.createdAt.toISOString(),
    dataType: type === 'integer' ? 'int64' : type,
    description: own?.description,
    displayName: name.slice(name.lastIndexOf('_') + 1),
    userFlowAttributeType: own ? 'custom' : 'builtIn',
  };
}
