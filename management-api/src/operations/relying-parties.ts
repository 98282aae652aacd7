import { readApplications, writeApplications } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting, reading } from '../operation-forms.ts';
import { collection } from '../resources/property.ts';
import {
  createRelyingPartyRequest,
  evaluatedRules,
  evaluateRulesRequest,
  importRelyingPartyRequest,
  relyingParty,
  saveRelyingPartyRequest,
} from '../resources/relying-party.ts';

/** Applications that sign people in by SAML 2.0 or WS-Federation. Microsoft Graph spreads this over many properties. */
export const relyingPartyOperations = {
  listRelyingParties: {
    method: 'GET',
    path: '/relyingParties',
    summary: 'Lists the applications that sign people in by SAML 2.0 or WS-Federation.',
    access: readApplications,
    query: ['$select', '$top', '$skiptoken'],
    response: collection(relyingParty.schema),
    status: 200,
  },
  createRelyingParty: {
    method: 'POST',
    path: '/relyingParties',
    summary: 'Registers an application by its SAML or federation metadata, as text or by address, as a relying party.',
    access: writeApplications,
    request: createRelyingPartyRequest,
    response: relyingParty.schema,
    status: 201,
  },
  getRelyingParty: {
    ...reading(relyingParty),
    path: '/servicePrincipals/{id}/relyingParty',
    summary: 'Reads how the application trusts the tenant by SAML 2.0 or WS-Federation.',
    access: readApplications,
    query: ['$select'],
  },
  saveRelyingParty: {
    method: 'PUT',
    path: '/servicePrincipals/{id}/relyingParty',
    summary: 'Makes the application a relying party, or changes what is given of it.',
    access: writeApplications,
    request: saveRelyingPartyRequest,
    response: relyingParty.schema,
    status: 200,
  },
  deleteRelyingParty: {
    ...deleting,
    path: '/servicePrincipals/{id}/relyingParty',
    summary: 'Ends the trust by SAML 2.0 or WS-Federation.',
    access: writeApplications,
  },
  importRelyingParty: {
    method: 'POST',
    path: '/servicePrincipals/{id}/relyingParty/importMetadata',
    summary: 'Makes the application a relying party by its metadata, as text or by address, or follows a change of it.',
    access: writeApplications,
    request: importRelyingPartyRequest,
    response: relyingParty.schema,
    status: 200,
  },
  refreshRelyingPartyMetadata: {
    method: 'POST',
    path: '/servicePrincipals/{id}/relyingParty/refreshMetadata',
    summary: 'Fetches the metadata of the application from its address now.',
    access: writeApplications,
    response: relyingParty.schema,
    status: 200,
  },
  evaluateRelyingPartyRules: {
    method: 'POST',
    path: '/servicePrincipals/{id}/relyingParty/evaluate',
    summary: 'Shows which claims a user would get, and which rule made each of them from what.',
    access: readApplications,
    request: evaluateRulesRequest,
    response: evaluatedRules,
    status: 200,
  },
} as const satisfies Operations;
