"""The requests of Azure AD B2C's sample for Flask, made by MSAL for Python as it is.

Reads one JSON object with what is configured, and then the addresses to which the browser came back, a line each. Prints one
JSON object for every step.
"""
import json
import sys

import msal


def answer(value):
    print(json.dumps(value), flush=True)


given = json.loads(sys.stdin.readline())
cache = msal.SerializableTokenCache()


def application(policy):
    return msal.ConfidentialClientApplication(
        given["client_id"],
        authority=f"{given['tenant']}/{policy}",
        client_credential=given["client_secret"],
        token_cache=cache,
    )


def sign_in(policy, scopes, redirect_uri):
    client = application(policy)
    answer({"url": client.get_authorization_request_url(scopes, state="kept", redirect_uri=redirect_uri)})
    code = sys.stdin.readline().strip()
    answer(client.acquire_token_by_authorization_code(code, scopes=scopes, redirect_uri=redirect_uri))


for policy in given["policies"]:
    sign_in(policy, given["scopes"], given["redirect_uri"])

# As the sample does: the account that comes first, with the token that is in the cache whatever policy it came from.
client = application(given["policies"][0])
account = client.get_accounts()[0]
answer({"account": account, "cached": client.acquire_token_silent(given["scopes"], account=account)})
answer(client.acquire_token_silent(given["scopes"], account=account, force_refresh=True))
answer(client.acquire_token_by_authorization_code("wrong", scopes=given["scopes"], redirect_uri=given["redirect_uri"]))
