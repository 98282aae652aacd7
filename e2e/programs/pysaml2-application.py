"""A web application that signs people in by pysaml2 as it is.

Reads one JSON object with its address and the folder with `key.pem`, `certificate.pem` and `hub.xml`.
"""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.metadata import entity_descriptor
from saml2.response import StatusError
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

given = json.loads(sys.stdin.readline())
origin, folder = given["origin"], given["folder"]
key, certificate = f"{folder}/key.pem", f"{folder}/certificate.pem"
configuration = SPConfig().load({
    "entityid": f"{origin}/metadata",
    "xmlsec_binary": "/usr/bin/xmlsec1",
    "key_file": key,
    "cert_file": certificate,
    "encryption_keypairs": [{"key_file": key, "cert_file": certificate}],
    "metadata": {"local": [f"{folder}/hub.xml"]},
    "allow_unknown_attributes": True,
    "service": {"sp": {
        "endpoints": {
            "assertion_consumer_service": [(f"{origin}/acs/post", BINDING_HTTP_POST)],
            "single_logout_service": [(f"{origin}/slo", BINDING_HTTP_REDIRECT)],
        },
        "signing_algorithm": SIG_RSA_SHA256,
        "digest_algorithm": DIGEST_SHA256,
        "authn_requests_signed": True,
        "logout_requests_signed": True,
        "logout_responses_signed": True,
        "want_response_signed": True,
        "want_assertions_signed": True,
        "allow_unsolicited": True,
        "name_id_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        "name_id_format_allow_create": False,
    }},
})
client = Saml2Client(configuration)
hub = client.metadata.identity_providers()[0]
pending = {}
signed_in = {}


class Application(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def answer(self, body, status=200, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def redirect(self, address, headers=()):
        self.answer("", 303, [("Location", address), *headers])

    def follow(self, sent):
        self.redirect(dict(sent["headers"])["Location"])

    def session(self):
        return self.headers.get("Cookie", "").partition("pysaml2=")[2].partition(";")[0]

    def begin(self, **parameters):
        asked, sent = client.prepare_for_authenticate(entityid=hub, relay_state="/", **parameters)
        pending[asked] = "/"
        self.follow(sent)

    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/metadata":
            self.answer(str(entity_descriptor(configuration)))
        elif url.path == "/passive":
            self.begin(is_passive="true")
        elif url.path == "/out":
            self.answer("signed out")
        elif url.path == "/sign-out":
            # It calls the hub by SOAP where that is offered, and sends nobody there then.
            [response] = client.global_logout(signed_in[self.session()]["name_id"]).values()
            if not response.status_ok():
                raise RuntimeError("the hub has not signed out")
            signed_in.pop(self.session())
            self.redirect("/out")
        elif url.path == "/slo" and "SAMLRequest" in query:
            name_id = signed_in.pop(self.session(), {"name_id": None})["name_id"]
            self.follow(client.handle_logout_request(
                query["SAMLRequest"], name_id, BINDING_HTTP_REDIRECT, relay_state=query.get("RelayState", "")))
        elif self.session() in signed_in:
            person = signed_in[self.session()]
            values = {name: ";".join(texts) for name, texts in person["ava"].items()}
            self.answer(json.dumps({"nameId": person["name_id"].text, **values}))
        else:
            self.begin()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        try:
            response = client.parse_authn_request_response(fields["SAMLResponse"], BINDING_HTTP_POST, pending)
        except StatusError as error:
            self.answer(type(error).__name__)
            return
        session = str(len(signed_in) + 1)
        signed_in[session] = response.session_info()
        self.redirect(fields.get("RelayState", "/"), [("Set-Cookie", f"pysaml2={session}; Path=/")])


ThreadingHTTPServer(("127.0.0.1", urlsplit(origin).port), Application).serve_forever()
