"""Connects accounts of the sandbox through the product's own pages, as a person would."""

import html
import re
from urllib.parse import urlsplit

import httpx
from django.test import Client

from scheduling.models import Channel
from scheduling.sandbox.server import Sandbox

ACCOUNTS = {
    "instagram": "17841400000000001",
    "tiktok": "tt-ada",
    "youtube": "",  # the first one there
    "linkedin": "",
}


def start(client: Client, platform: str, **fields) -> str:
    """Press “Connect” and return the platform's address that the page leads on to."""
    answer = client.post(f"/channels/connect/{platform}", {"sandbox": "on", **fields})
    assert answer.status_code == 200, answer.content
    found = re.search(r'http-equiv="refresh"\s+content="0; url=([^"]+)"', answer.content.decode())
    assert found, "the page leads nowhere"
    return html.unescape(found.group(1))


def decide(networks: Sandbox, url: str, platform: str, *, account: str = "", decision: str = "allow", **form) -> str:
    """Press a button on the platform's page; returns the path that it sends the browser back to."""
    account = account or ACCOUNTS[platform] or networks.world.accounts(platform)[0]["id"]
    answer = httpx.post(url, data={"decision": decision, "account": account, **form})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def connect(client: Client, networks: Sandbox, platform: str, *, account: str = "", **fields) -> Channel:
    """Connect an account and return its channel."""
    client.get(decide(networks, start(client, platform, **fields), platform, account=account))
    return Channel.objects.filter(platform=platform).order_by("-pk").first()
