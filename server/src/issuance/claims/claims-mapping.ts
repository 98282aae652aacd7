import { refuse } from '../errors.ts';
import { defaultIssuanceRules } from './default-rules.ts';
import { directoryAuthority, subjectClaimTypes } from './subject-claims.ts';

/** What a claims mapping policy of Entra says, in its own words. https://learn.microsoft.com/entra/identity-platform/reference-claims-mapping-policy-type */
export interface ClaimsMapping {
  IncludeBasicClaimSet: boolean;
  ClaimsSchema: readonly SchemaEntry[];
  ClaimsTransformations: readonly Transformation[];
}

interface SchemaEntry {
  /** Where the claim comes from, and what it is called there; without them there is a value. */
  Source?: string | undefined;
  ID?: string | undefined;
  Value?: string | undefined;
  TransformationId?: string | undefined;
  /** Absent: the claim is only made for a transformation. */
  SamlClaimType?: string | undefined;
}

interface Transformation {
  ID: string;
  TransformationMethod: string;
  InputClaims: readonly ClaimReference[];
  InputParameters?: readonly { ID: string; Value: string }[] | undefined;
  OutputClaims: readonly ClaimReference[];
}

interface ClaimReference {
  ClaimTypeReferenceId: string;
  TransformationClaimType: string;
}

/** What of a person the sign-in states itself. */
const statedClaims: ReadonlyMap<string, string> = new Map([
  ['objectid', subjectClaimTypes.objectId],
  ['assignedroles', subjectClaimTypes.role],
  ['groups', subjectClaimTypes.groupId],
]);

const sameName = [
  ...['surname', 'givenname', 'displayname', 'mail', 'userprincipalname', 'department', 'companyname', 'mailnickname'],
  ...['streetaddress', 'postalcode', 'preferredlanguage', 'country', 'city', 'state', 'jobtitle', 'employeeid'],
  ...['officelocation', 'usagelocation', 'proxyaddresses', 'creationtype', 'consentprovidedforminor'],
  ...['onpremisessamaccountname', 'onpremisesuserprincipalname', 'onpremisesdomainname', 'onpremisesimmutableid'],
  ...Array.from({ length: 15 }, (_, index) => `extensionattribute${index + 1}`),
];

/** Attributes of the directory by the names that policies have for them. */
const attributes: ReadonlyMap<string, string> = new Map([
  ...sameName.map((name): [string, string] => [name, name]),
  ['othermail', 'otherMails'],
  ['mobilephone', 'mobilePhone'],
  ['telephonenumber', 'businessPhones'],
  ['facsimiletelephonenumber', 'faxNumber'],
]);

/**
 * Writes a claims mapping policy as issuance rules: a claim for each source, then the transformations in their order, then
 * what is issued.
 *
 * @throws Refusal `issuance.claims_mapping_invalid` for what rules cannot say
 */
export function rulesOfClaimsMapping(mapping: ClaimsMapping): string {
  const { IncludeBasicClaimSet, ClaimsSchema, ClaimsTransformations } = mapping;
  const known = new Set<string>();
  const sources = ClaimsSchema.flatMap((entry, place) => {
    if (entry.Source?.toLowerCase() === 'transformation') return [];
    known.add(idOf(entry, place));
    return [sourceRule(entry, place)];
  });
  const transformations = ClaimsTransformations.map((transformation) => {
    const rule = transformationRule(transformation, known);
    known.add(outputOf(transformation));
    return rule;
  });
  const issued = ClaimsSchema.map((entry, place) => issuingRule(entry, place, mapping));
  return [
    ...(IncludeBasicClaimSet ? [defaultIssuanceRules] : []),
    ...sources,
    ...transformations,
    ...issued.flat(),
  ].join('\n');
}

function sourceRule(entry: SchemaEntry, place: number): string {
  const { Source, ID, Value } = entry;
  const type = quote(typeOf(idOf(entry, place)));
  if (Value !== undefined) return `=> add(Type = ${type}, Value = ${quote(Value)});`;
  if (Source?.toLowerCase() !== 'user') {
    const source = Source === undefined ? 'no source' : `the source ${Source}`;
    throw invalid(`${nameOf(entry, place)} has ${source}, and neither user nor transformation, nor a value`);
  }
  const name = ID?.toLowerCase() ?? '';
  const stated = statedClaims.get(name);
  if (stated !== undefined) {
    return `c:[Type == ${quote(stated)}, Issuer == ${quote(directoryAuthority)}] => add(Type = ${type}, Value = c.Value);`;
  }
  const attribute = attributes.get(name);
  if (attribute === undefined) throw invalid(`${nameOf(entry, place)} names no attribute of users that is known`);
  return [
    `c:[Type == ${quote(subjectClaimTypes.objectId)}, Issuer == ${quote(directoryAuthority)}]`,
    ` => add(store = "directory", types = (${type}), query = ${quote(`;${attribute};{0}`)}, param = c.Value);`,
  ].join('\n');
}

/** How each method makes a value of the inputs and parameters that it names. */
const methods: ReadonlyMap<string, string> = new Map([
  ['join', '{string1} + {separator} + {string2}'],
  ['extractmailprefix', 'RegExReplace({mail}, "@.*$", "")'],
]);

function transformationRule(transformation: Transformation, known: ReadonlySet<string>): string {
  const { ID, TransformationMethod, InputClaims, InputParameters = [] } = transformation;
  const method = methods.get(TransformationMethod.toLowerCase());
  if (method === undefined)
    throw invalid(`the transformation ${ID} is by ${TransformationMethod}, which rules do not have`);
  const inputs = InputClaims.map(({ ClaimTypeReferenceId, TransformationClaimType }, place) => {
    const id = ClaimTypeReferenceId.toLowerCase();
    if (!known.has(id)) throw invalid(`the transformation ${ID} takes ${ClaimTypeReferenceId}, which nothing makes`);
    return { name: TransformationClaimType.toLowerCase(), variable: `c${place + 1}`, type: typeOf(id) };
  });
  const values = new Map([
    ...InputParameters.map((parameter): [string, string] => [parameter.ID.toLowerCase(), quote(parameter.Value)]),
    ...inputs.map(({ name, variable }): [string, string] => [name, `${variable}.Value`]),
  ]);
  const value = method.replace(/\{(\w+)\}/g, (_, name: string) => {
    const found = values.get(name);
    if (found === undefined) throw invalid(`the transformation ${ID} has no ${name}`);
    return found;
  });
  const condition = inputs.map(({ variable, type }) => `${variable}:[Type == ${quote(type)}]`).join(' && ');
  return `${condition} => add(Type = ${quote(typeOf(outputOf(transformation)))}, Value = ${value});`;
}

function issuingRule(entry: SchemaEntry, place: number, { ClaimsTransformations }: ClaimsMapping): string[] {
  const { SamlClaimType, TransformationId } = entry;
  const id = idOf(entry, place);
  if (entry.Source?.toLowerCase() === 'transformation') {
    const isMade = ClaimsTransformations.some((each) => each.ID === TransformationId && outputOf(each) === id);
    if (!isMade) throw invalid(`no transformation ${TransformationId} makes ${nameOf(entry, place)}`);
  }
  if (SamlClaimType !== undefined) {
    return [`c:[Type == ${quote(typeOf(id))}] => issue(Type = ${quote(SamlClaimType)}, Value = c.Value);`];
  }
  const isInput = ClaimsTransformations.some(({ InputClaims }) =>
    InputClaims.some(({ ClaimTypeReferenceId }) => ClaimTypeReferenceId.toLowerCase() === id),
  );
  if (!isInput) throw invalid(`${nameOf(entry, place)} has no SamlClaimType, and no transformation takes it`);
  return [];
}

function outputOf({ ID, OutputClaims: [output, ...others] }: Transformation): string {
  if (!output || others.length > 0) throw invalid(`the transformation ${ID} does not make one claim`);
  return output.ClaimTypeReferenceId.toLowerCase();
}

/** Values without an id are told apart by their place. */
function idOf({ ID }: SchemaEntry, place: number): string {
  return ID?.toLowerCase() ?? `value ${place + 1}`;
}

function nameOf({ ID }: SchemaEntry, place: number): string {
  return `claim ${place + 1}${ID === undefined ? '' : ` (${ID})`}`;
}

function typeOf(id: string): string {
  return `urn:countersign:claims-mapping:${id}`;
}

function quote(text: string): string {
  if (/["\r\n]/.test(text)) throw invalid(`rules cannot write the text ${text.slice(0, 100)}`);
  return `"${text}"`;
}

function invalid(problem: string): Error {
  return refuse('issuance.claims_mapping_invalid', { problem });
}
