"""The C2PA library's objects for this thread: made once, since reading a certificate takes longer than signing."""

import os
import threading
from dataclasses import dataclass

import c2pa
from django.conf import settings

from inflio.media.credentials.certificate import SigningKey, signing_key, trust_anchors

_kept = threading.local()
# A forked worker makes its own: the library takes them away from a child.
os.register_at_fork(after_in_child=lambda: _kept.__dict__.clear())


@dataclass(frozen=True, eq=False)
class Tools:
    """What signing and reading need; `made_for` are the settings they were made from."""

    context: c2pa.Context
    signer: c2pa.Signer
    key: SigningKey
    made_for: tuple


def borrow_tools() -> Tools:
    """This thread's tools; raises BadCertificate."""
    wanted = (str(settings.VAR_DIR), settings.C2PA_CERT, settings.C2PA_KEY, settings.C2PA_TRUST, settings.C2PA_TSA_URL)
    tools = _kept.__dict__.get("tools")
    if tools is None or tools.made_for != wanted:
        tools = _kept.tools = _make(wanted)
    return tools


def _make(made_for: tuple) -> Tools:
    key = signing_key()
    context = c2pa.Context.from_dict(
        {
            "version": 1,
            "builder": {"thumbnail": {"enabled": False}},  # they weigh more than many a picture
            "trust": {"user_anchors": trust_anchors()},
            # A file from a stranger must not make this server call an address it names.
            "verify": {"verify_trust": True, "ocsp_fetch": False, "remote_manifest_fetch": False},
        }
    )
    stamps = settings.C2PA_TSA_URL.encode() or None  # the library fails on an empty address
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(key.algorithm, key.chain, key.key, stamps))
    return Tools(context, signer, key, made_for)
