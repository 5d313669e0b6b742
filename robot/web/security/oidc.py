"""The way in through the organisation's OpenID provider: code flow with PKCE, state and nonce."""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from robot.domain.rights import Grant, Person, person_of
from robot.errors import RobotError, SettingsError
from robot.flow.session_port import Session
from robot.settings import DashboardSettings

#: How long somebody may take at the provider.
_MINUTES: Final = 10
_COOKIE: Final = "robot-login"
_TIMEOUT: Final = 10.0
#: Seconds by which the provider's clock and ours may differ.
_LEEWAY: Final = 30
#: Signatures that only the provider can make.
_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
BACK: Final = "/login/back"


class LoginRefusedError(RobotError):
    """The provider's answer is none, or not to what was asked."""


class OidcDoor:
    """Sends people to the provider and takes its word, checked, for who they are.

    Args:
        settings: Issuer, client, claim of the groups, public address.
        grants: What groups and persons may do.
        http: Speaks to the provider.
    """

    logs_out: Final = True

    def __init__(
        self,
        settings: DashboardSettings,
        grants: Sequence[Grant],
        http: httpx.Client | None = None,
    ) -> None:
        if not (settings.oidc_issuer and settings.oidc_client_id and settings.public_url):
            raise SettingsError("[web] auth = oidc needs oidc_issuer, oidc_client_id, public_url")
        self._settings = settings
        self._secret = settings.oidc_key()
        self._grants = grants
        self._http = http or httpx.Client(timeout=_TIMEOUT)
        # Only this process reads what it signs here; a restart asks people to begin again.
        self._signed = URLSafeTimedSerializer(secrets.token_bytes(32), salt="login")
        self._found: Mapping[str, Any] | None = None

    def person(self, request: Request, session: Session | None) -> Person | None:
        """Who logged in, with what is granted to them."""
        del request
        return session.person if session else None

    def invite(self, request: Request) -> Response | None:
        """To the provider, with what its answer has to fit."""
        verifier, state, nonce = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self._settings.oidc_client_id,
                "redirect_uri": self._back,
                "scope": "openid profile email",
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge.decode(),
                "code_challenge_method": "S256",
            }
        )
        response = RedirectResponse(f"{self._metadata['authorization_endpoint']}?{query}", 303)
        kept = self._signed.dumps([verifier, state, nonce])
        secure = self._settings.public_url.startswith("https://")
        response.set_cookie(
            _COOKIE, str(kept), max_age=_MINUTES * 60, httponly=True, secure=secure, samesite="lax"
        )
        del request
        return response

    def arrived(self, request: Request) -> Person:
        """The person whom the provider's answer names.

        Raises:
            LoginRefusedError: The answer does not fit what was asked, is forged or late, or
                nothing is granted to the person.
        """
        try:
            kept = self._signed.loads(request.cookies.get(_COOKIE, ""), max_age=_MINUTES * 60)
        except BadData as error:
            raise LoginRefusedError("no login was begun from this browser") from error
        verifier, state, nonce = kept
        given = request.query_params
        if not secrets.compare_digest(given.get("state", ""), state) or not given.get("code"):
            raise LoginRefusedError("the answer is not to what was asked")
        claims = self._claims(given["code"], verifier, nonce)
        groups = claims.get(self._settings.oidc_groups_claim, [])
        name = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        listed = groups if isinstance(groups, list) else str(groups).split()
        person = person_of(name, [str(group) for group in listed], self._grants)
        if person is None:
            raise LoginRefusedError("nothing is granted to this person")
        return person

    @property
    def _back(self) -> str:
        return self._settings.public_url.rstrip("/") + BACK

    @property
    def _metadata(self) -> Mapping[str, Any]:
        if self._found is None:
            address = self._settings.oidc_issuer.rstrip("/")
            try:
                answer = self._http.get(f"{address}/.well-known/openid-configuration")
                answer.raise_for_status()
                found: Mapping[str, Any] = answer.json()
            except (httpx.HTTPError, ValueError) as error:
                raise LoginRefusedError("the provider does not answer") from error
            if found.get("issuer") != self._settings.oidc_issuer:
                raise LoginRefusedError("the provider is another than the one that is set")
            self._found = found
        return self._found

    def _claims(self, code: str, verifier: str, nonce: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "client_id": self._settings.oidc_client_id,
            "code_verifier": verifier,
        }
        if self._secret:
            form["client_secret"] = self._secret
        try:
            answer = self._http.post(self._metadata["token_endpoint"], data=form)
            answer.raise_for_status()
            token = answer.json()["id_token"]
            keys = self._http.get(self._metadata["jwks_uri"])
            keys.raise_for_status()
            read = jwt.decode(
                token, KeySet.import_key_set(keys.json()), algorithms=list(_ALGORITHMS)
            )
            jwt.JWTClaimsRegistry(
                leeway=_LEEWAY,
                iss={"essential": True, "value": self._settings.oidc_issuer},
                aud={"essential": True, "value": self._settings.oidc_client_id},
                exp={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(read.claims)
        except (httpx.HTTPError, JoseError, KeyError, ValueError) as error:
            raise LoginRefusedError("the provider's word can't be trusted") from error
        return read.claims
