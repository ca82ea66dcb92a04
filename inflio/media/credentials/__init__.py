"""Content credentials: how a picture was made, written into the file, signed last, and read from any file."""

from inflio.media.credentials.certificate import BadCertificate
from inflio.media.credentials.reading import Report, manifest_id, read_credentials
from inflio.media.credentials.record import Action, Record, SourceType, source_type_of
from inflio.media.credentials.signing import SigningFailed, sign_derivative, sign_film, sign_picture

__all__ = [
    "Action",
    "BadCertificate",
    "Record",
    "Report",
    "SigningFailed",
    "SourceType",
    "manifest_id",
    "read_credentials",
    "sign_derivative",
    "sign_film",
    "sign_picture",
    "source_type_of",
]
