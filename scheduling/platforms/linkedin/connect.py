"""Connecting a LinkedIn member: OpenID Connect and “Share on LinkedIn”, for 60 days at a time."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from scheduling.platforms.base import PlatformError
from scheduling.platforms.connect import Connector, Found, Tokens
from scheduling.platforms.http import Reply, Wire
from scheduling.platforms.linkedin.errors import RECONNECT, refusal

POST = "w_member_social"


class LinkedInConnector(Connector):
    """LinkedIn gives refresh tokens to chosen partners only, so a member connects again every 60 days.

    It documents no way to end a token: its owner does that at https://www.linkedin.com/psettings/permitted-services.
    """

    name = "linkedin"
    scopes = ("openid", "profile", POST)
    renewal = "none"
    hosts = {"www": "https://www.linkedin.com", "api": "https://api.linkedin.com"}
    steps = (
        "Open https://www.linkedin.com/developers/apps/new and make an app; LinkedIn wants a company page for it.",
        "On its page “Products” add “Sign In with LinkedIn using OpenID Connect” and “Share on LinkedIn”.",
        "On its page “Auth” enter the return address shown here, and copy the client's id and secret.",
        "Set INFLIO_LINKEDIN_CLIENT_ID and INFLIO_LINKEDIN_CLIENT_SECRET, and start Inflio again.",
        "LinkedIn ends each connection after 60 days. Inflio reminds the owner in time.",
        "Once a year set INFLIO_LINKEDIN_VERSION to a newer month: LinkedIn switches old versions off after 12 months.",
    )

    def authorize_url(self, *, state: str, redirect_uri: str, challenge: str = "") -> str:
        """LinkedIn's page."""
        query = {
            "response_type": "code",
            "client_id": self.app.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "scope": " ".join(self.scopes),
        }
        return f"{self.hosts_used['www']}/oauth/v2/authorization?{urlencode(query)}"

    def exchange(self, *, code: str, redirect_uri: str, verifier: str = "") -> Tokens:
        """A token for 60 days. Refuses a grant without the right to post."""
        wire = self._wire()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.app.client_id,
            "client_secret": self.app.client_secret,
        }
        reply = wire.read("POST", f"{self.hosts_used['www']}/oauth/v2/accessToken", form=form)
        body = reply.body
        if reply.status != 200:
            raise _refused(wire, reply)
        if not body.get("access_token"):
            raise wire.unreachable(reply)
        # Older apps get them with commas.
        scopes = tuple(str(body.get("scope") or "").replace(",", " ").split())
        if scopes and POST not in scopes:
            raise PlatformError(
                "Inflio was not allowed to post on LinkedIn.",
                kind="reconnect",
                code="scope_missing",
                fix="Connect the account again and allow posting.",
            )
        now = datetime.now(UTC)
        return Tokens(
            access_token=body["access_token"],
            refresh_token=body.get("refresh_token", ""),
            access_expires_at=now + timedelta(seconds=int(body.get("expires_in") or 60 * 86400)),
            scopes=scopes,
        )

    def refresh(self, tokens: Tokens) -> Tokens:
        """Not possible: only the member can, by connecting again."""
        raise PlatformError("LinkedIn ends access after 60 days.", kind="reconnect", code="expired", fix=RECONNECT)

    def accounts(self, tokens: Tokens) -> list[Found]:
        """The member who allowed it."""
        wire = self._wire()
        headers = {"Authorization": f"Bearer {tokens.access_token}"}
        reply = wire.read("GET", f"{self.hosts_used['api']}/v2/userinfo", headers=headers)
        if reply.status >= 400:
            raise refusal(wire, reply, now=datetime.now(UTC))
        if not reply.body.get("sub"):
            raise wire.unreachable(reply)
        body = reply.body
        name = body.get("name") or f"{body.get('given_name', '')} {body.get('family_name', '')}".strip()
        return [Found(body["sub"], name or body["sub"], name, body.get("picture", ""))]

    def _wire(self) -> Wire:
        return Wire("LinkedIn", timeout=self.timeout)


def _refused(wire: Wire, reply: Reply) -> PlatformError:
    code = str(reply.body.get("error") or f"http_{reply.status}")
    values = {"code": code, "status": reply.status, "answer": wire.cleaned(reply.text)}
    if code in ("invalid_client", "unauthorized_client", "unauthorized_scope_error", "invalid_redirect_uri"):
        fix = (
            "Check INFLIO_LINKEDIN_CLIENT_ID, INFLIO_LINKEDIN_CLIENT_SECRET, the return address and the app's products."
        )
        return PlatformError("LinkedIn does not know this installation.", kind="setup", fix=fix, **values)
    if reply.status == 429:
        return PlatformError("LinkedIn asks us to slow down.", kind="limit", retry_after=60, **values)
    return PlatformError("LinkedIn did not accept the connection.", kind="reconnect", fix=RECONNECT, **values)
