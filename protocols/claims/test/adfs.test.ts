import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AttributeQuery,
  claimsFrom,
  claimTypes,
  decideAccess,
  formFromText,
  parseDirectoryQuery,
} from '../src/index.ts';
import { issued, run } from './run-rules.ts';

// Rules in the forms that the templates and the documentation of AD FS give them, with its claim types and store names.
const account = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname';
const upn = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';
const nameIdentifier = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier';
const groupSid = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/groupsid';
const role = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';
const proxy = 'http://schemas.microsoft.com/2012/01/requestcontext/claims/x-ms-proxy';

const marge = claimsFrom('AD AUTHORITY', [
  { type: account, value: 'JOGCLOUD\\marge' },
  { type: upn, value: 'marge@emea.jogcloud.com' },
  { type: groupSid, value: 'S-1-5-21-1004336348-1177238915-682003330-512' },
]);

test('Interop: the AD FS template "Send LDAP Attributes as Claims" asks the directory', async () => {
  const asked: AttributeQuery[] = [];
  const text = `@RuleTemplate = "LdapClaims"
@RuleName = "Attributes"
c:[Type == "${account}", Issuer == "AD AUTHORITY"]
 => issue(store = "Active Directory", types = ("urn:mail", "urn:name"), query = ";mail,displayName;{0}", param = c.Value);`;
  const output = await issued(text, marge, async (query) => {
    asked.push(query);
    return [['marge@jogcloud.com'], ['Marge Simpson']];
  });
  assert.deepEqual(asked.map(parseDirectoryQuery), [
    { filter: '', attributes: ['mail', 'displayName'], account: 'JOGCLOUD\\marge' },
  ]);
  assert.deepEqual(output, [
    ['urn:mail', 'marge@jogcloud.com'],
    ['urn:name', 'Marge Simpson'],
  ]);
});

test('Interop: the AD FS template "Pass Through or Filter an Incoming Claim" filters without regard to case', async () => {
  const filter = (value: string) => `@RuleTemplate = "PassThroughClaims"
@RuleName = "UPN"
c:[Type == "${upn}", Value =~ "${value}"]
 => issue(claim = c);`;
  assert.equal((await issued(filter('^(?i)Marge@EMEA\\.jogcloud\\.com$'), marge)).length, 1);
  assert.equal((await issued(filter('^.*@EMEA\\.jogcloud\\.com$'), marge)).length, 0);
});

test('Interop: the AD FS template "Send Group Membership as a Claim" is a row of the form', async () => {
  const text = `@RuleTemplate = "EmitGroupClaims"
@RuleName = "Security Admins"
c:[Type == "${groupSid}", Value == "S-1-5-21-1004336348-1177238915-682003330-512", Issuer == "AD AUTHORITY"]
 => issue(Type = "${role}", Value = "admin", Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer, ValueType = c.ValueType);`;
  assert.deepEqual(
    formFromText(text).map(({ kind }) => kind),
    ['row'],
  );
  const { issued: output } = await run(text, marge);
  assert.deepEqual(
    output.map(({ claim }) => [claim.value, claim.issuer]),
    [['admin', 'AD AUTHORITY']],
  );
});

test('Interop: the AD FS template "Transform an Incoming Claim" sets the format of a name identifier', async () => {
  const format = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/format';
  const text = `@RuleTemplate = "MapClaims"
@RuleName = "NameID"
c:[Type == "${upn}"]
 => issue(Type = "${nameIdentifier}", Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer, Value = c.Value, ValueType = c.ValueType,
 Properties["${format}"] = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");`;
  const { issued: output } = await run(text, marge);
  assert.deepEqual(
    output.map(({ claim }) => [claim.type, claim.properties]),
    [[nameIdentifier, { [format]: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' }]],
  );
});

test('Interop: the AD FS template "Permit All Users" has no condition', async () => {
  const text = `@RuleTemplate = "AllowAllAuthzRule" => issue(Type = "${claimTypes.permit}", Value = "true");`;
  assert.equal(decideAccess(await run(text, marge)).isPermitted, true);
});

test('Interop: AD FS rules for access from outside combine exists and NOT exists', async () => {
  const text = `exists([Type == "${proxy}"]) &&
NOT exists([Type == "${groupSid}", Value == "S-1-5-32-100"])
 => issue(Type = "${claimTypes.deny}", Value = "true");
=> issue(Type = "${claimTypes.permit}", Value = "true");`;
  assert.equal(decideAccess(await run(text, marge)).isPermitted, true);
  const outside = [...marge, ...claimsFrom('CLIENT CONTEXT', [{ type: proxy, value: 'proxy1' }])];
  assert.equal(decideAccess(await run(text, outside)).isPermitted, false);
});

test('Interop: rules for Office 365 take the domain of the UPN by a named group', async () => {
  const text = `c:[Type == "${upn}"] => issue(Type = "urn:issuerid",
 Value = regexreplace(c.Value, "^((.*)([.|@]))?(?<domain>[^.]*[.].*)$", "http://\${domain}/adfs/services/trust/"));`;
  assert.deepEqual(await issued(text, marge), [['urn:issuerid', 'http://jogcloud.com/adfs/services/trust/']]);
});

test('Interop: rules for Office 365 pass a flag between rules by add', async () => {
  const text = `NOT EXISTS([Type == "urn:consistencyguid"]) => add(Type = "urn:tmp/idflag", Value = "useguid");
c1:[Type == "${upn}"] && c2:[Type == "urn:tmp/idflag", Value == "useguid"] => issue(Type = "urn:immutableid", Value = c1.Value);`;
  assert.deepEqual(await issued(text, marge), [['urn:immutableid', 'marge@emea.jogcloud.com']]);
});

test('Interop: a pairwise identifier comes from the store _OpaqueIdStore, whose query is only parameters', async () => {
  const text = `c1:[Type == "${account}"] && c2:[Type == "${upn}"]
 => add(store = "_OpaqueIdStore", types = ("urn:ppid"), query = "{0};{1};{2};{3};{4}", param = "ppid", param = c1.Value,
 param = c1.OriginalIssuer, param = "", param = c2.Value);
c:[Type == "urn:ppid"] => issue(Type = "${nameIdentifier}", Value = c.Value);`;
  const output = await issued(text, marge, async ({ parameters }) => [[parameters.join('|')]]);
  assert.deepEqual(output, [[nameIdentifier, 'ppid|JOGCLOUD\\marge|AD AUTHORITY||marge@emea.jogcloud.com']]);
});

test('Interop: a condition on several issuers is one pattern', async () => {
  const text = `c:[Type == "${groupSid}", Value =~ "-512$", Issuer =~ "^(AD AUTHORITY|SELF AUTHORITY|LOCAL AUTHORITY)$"]
 => issue(Type = "urn:admin", Value = "true");`;
  assert.deepEqual(await issued(text, marge), [['urn:admin', 'true']]);
});
