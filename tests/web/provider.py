"""A small OpenID provider on loopback: discovery, keys, code flow with PKCE, and forged words."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT: Final = "invoice-robot"


def new_key() -> RSAKey:
    """A key pair as providers sign with."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return RSAKey.import_key(private, {"kid": secrets.token_hex(4), "use": "sig"})


def signed(claims: dict[str, Any], key: RSAKey, **header: str) -> str:
    """An identity token."""
    return jwt.encode({"alg": "RS256", "kid": key.kid, **header}, claims, key)


class Provider:
    """Answers on a port of its own until `stop`.

    `word` makes the identity token from the claims; tests put a forger there. `claims` changes
    what is claimed.
    """

    def __init__(self) -> None:
        self.key = new_key()
        self.word: Callable[[dict[str, Any]], str] = self.honest
        self.claims: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.out_of_order = False
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.token(self)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def honest(self, claims: dict[str, Any]) -> str:
        """The token of a provider that can be trusted."""
        return signed(claims, self.key)

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        """Discovery, keys and the page on which somebody logs in (at once, as Bente)."""
        parts = urlsplit(handler.path)
        if self.out_of_order:
            handler.send_error(503)
        elif parts.path == "/.well-known/openid-configuration":
            _send(
                handler,
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                },
            )
        elif parts.path == "/keys":
            _send(handler, {"keys": [self.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            code = secrets.token_urlsafe(8)
            self.codes[code] = asked
            query = urlencode({"code": code, "state": asked["state"]})
            handler.send_response(302)
            handler.send_header("Location", f"{asked['redirect_uri']}?{query}")
            handler.end_headers()
        else:
            handler.send_error(404)

    def token(self, handler: BaseHTTPRequestHandler) -> None:
        """The identity token for a code, once, and only for who has its verifier."""
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
            or form["client_id"] != CLIENT
        ):
            handler.send_error(400)
            return
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "4711",
            "preferred_username": "bente",
            "groups": ["clerk"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            **self.claims,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        _send(handler, {"id_token": self.word(kept), "token_type": "Bearer", "access_token": "x"})

    def stop(self) -> None:
        """Go away."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _send(handler: BaseHTTPRequestHandler, value: dict[str, Any]) -> None:
    body = json.dumps(value).encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
