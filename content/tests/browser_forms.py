"""What a browser sends of a page's form, read from the page itself."""

from html.parser import HTMLParser


def sent_fields(page: str, form: str) -> dict[str, list[str]]:
    """The fields of the form with this id as they stand, those that belong to it from elsewhere too, buttons not."""
    reader = _Fields(form)
    reader.feed(page)
    return reader.fields


class _Fields(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._form, self._around, self._select = form, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._around = given.get("id", "")
        name = given.get("name") if given.get("form", self._around) == self._form else None
        if tag == "select":
            self._select = name or ""
        elif tag == "option" and self._select and (self._select not in self.fields or "selected" in given):
            self.fields[self._select] = [given.get("value") or ""]
        elif tag == "input" and name and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self.fields.setdefault(name, []).append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._around = ""
        elif tag == "select":
            self._select = ""
