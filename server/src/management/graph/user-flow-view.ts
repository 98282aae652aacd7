import type { ParsedRequestOf, userFlowOperations } from '@countersign/management-api';
import type { ExtensionProperty } from '../../directory/index.ts';
import {
  type FlowAttribute,
  type FlowChange,
  type FlowType,
  staffFlow,
  staffFlowName,
  type UserFlow,
} from '../../user-flows/index.ts';
import { localProviders } from './identity-provider-view.ts';
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

/** Stands for every provider that the tenant trusts. */
export const everyProvider = '*';

/** By this id the API names the flow that has no name: the one in which staff signs in. */
const staffId = 'staff';

export function nameOfFlow(id: string): string {
  return id.toLowerCase() === staffId ? staffFlowName : id;
}

export function idOfFlow({ name }: UserFlow): string {
  return name === staffFlowName ? staffId : name;
}

export function flowView(flow: UserFlow): Shown {
  const { name: _, type, accountNames, providers, ...settings } = flow;
  const [userFlowType] = Object.entries(flowTypes).find(([, ours]) => ours === type) ?? [];
  const local = accountNames.flatMap((name) =>
    Object.keys(localProviders).filter((id) => localProviders[id]?.accountName === name),
  );
  const identityProviders = [...local, ...(providers ?? [everyProvider])];
  return { id: idOfFlow(flow), userFlowType, identityProviders, isBuiltIn: flow === staffFlow, ...settings };
}

export function flowChange({ userFlowType, identityProviders, ...change }: ChangeBody): FlowChange {
  return {
    ...(change as FlowChange),
    ...(userFlowType && { type: flowTypes[userFlowType] }),
    ...(identityProviders && homes(identityProviders)),
  };
}

/** Where people of a flow may come from, by ids: kinds of local accounts, and providers that the tenant trusts. */
function homes(ids: readonly string[]): Pick<UserFlow, 'accountNames' | 'providers'> {
  const isLocal = (id: string) => Object.hasOwn(localProviders, id);
  return {
    accountNames: ids.flatMap((id) => (isLocal(id) ? (localProviders[id]?.accountName ?? []) : [])),
    providers: ids.includes(everyProvider) ? null : ids.filter((id) => !isLocal(id)),
  };
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
