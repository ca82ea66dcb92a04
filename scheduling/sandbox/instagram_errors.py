"""How Instagram words its errors, for the sandbox."""

from scheduling.sandbox.routes import Answer

THROTTLED = '{"0": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 1}]}'


def error(
    code: int, subcode: int, message: str, *, status: int = 400, is_transient: bool = False, user_msg: str = ""
) -> Answer:
    """An answer with an error in Meta's form."""
    said = {"message": message, "type": "OAuthException", "code": code, "is_transient": is_transient}
    if subcode:
        said |= {"error_subcode": subcode, "error_user_title": message[:60], "error_user_msg": user_msg or message}
    return Answer(status, {"error": said | {"fbtrace_id": "Asandbox"}})


LIMITED = error(4, 0, "Application request limit reached", status=403, is_transient=True)
LIMITED.headers["X-Business-Use-Case-Usage"] = THROTTLED
BROKEN = error(
    2, 0, "An unexpected error has occurred. Please retry your request later.", status=500, is_transient=True
)


def missing(id: str) -> Answer:
    """The answer for what is not there, or not for this token."""
    text = f"Unsupported request. Object with ID '{id}' does not exist or cannot be loaded due to missing permissions."
    return error(100, 33, text)
