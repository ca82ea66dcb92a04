"""Takes away from Replicate everything that was made of one person: trainings, uploads, weights, the model itself."""

from inflio.generation.engines.replicate.api import ReplicateApi


class OtherAccount(Exception):
    """The key belongs to another account than the one that holds the model."""


class StillThere(Exception):
    """Something could not be deleted yet; try again later."""


def erase_model(key: str, *, owner: str, name: str) -> str:
    """Delete all of it and prove that it is gone; returns a sentence for the record. Safe to repeat.

    owner: the account it was made in, "" when that was never learnt. Raises OtherAccount, StillThere, Busy (Replicate
    does not answer), EngineRefused (it does not take the key), ProviderError.
    """
    api = ReplicateApi(key)
    account = api.account()
    if owner and owner != account:
        raise OtherAccount(f"The model is in the account {owner}, the key belongs to {account}.")
    stopped = api.stop_trainings(f"{account}/{name}")
    files = api.forget_files(f"{name}.zip")
    versions = api.forget_model(account, name)
    if stopped or api.has_model(account, name):  # what was stopped just now may still write its last file
        raise StillThere(f"{account}/{name} is still there.")
    return f"{account}/{name} is gone: {files} uploads and {versions} versions deleted in the last pass."
