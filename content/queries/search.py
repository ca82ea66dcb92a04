"""Full-text search in prompts: SQLite's FTS5 or PostgreSQL's tsvector, both kept up to date by the database.

Each indexed text also holds tokens for the workspace and for whether the item is saved. A word that every prompt
has is then intersected with one workspace's items inside the index, instead of being read for all tenants.
"""

import re
import unicodedata

from django.db import connection
from django.db.models import QuerySet

from content.models import ContentItem

TABLE = "content_contentitem"
INDEX = "content_search"
MOST_WORDS = 8


def _plain(text: str) -> str:
    """Letters without their accents, as SQLite's index keeps them."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


SCOPE = "'w' || CAST({row}workspace_id AS text) || (CASE WHEN {row}saved THEN 's' ELSE 'u' END)"
_ADD = f"INSERT INTO {INDEX}(rowid, scope, prompt) VALUES (new.id, {SCOPE.format(row='new.')}, new.prompt);"
_TAKE = f"DELETE FROM {INDEX} WHERE rowid = old.id;"
SQLITE = {
    INDEX: (
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5(scope, prompt, "
        "tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3')"
    ),
    f"{INDEX}_insert": f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {TABLE} BEGIN {_ADD} END",
    f"{INDEX}_delete": f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {TABLE} BEGIN {_TAKE} END",
    f"{INDEX}_update": (
        f"CREATE TRIGGER {INDEX}_update AFTER UPDATE OF prompt, saved, workspace_id ON {TABLE} BEGIN {_TAKE} {_ADD} END"
    ),
}
_ACCENTED = "".join(char for char in map(chr, range(0xC0, 0x250)) if _plain(char).isascii())
_BARE = "".join(map(_plain, _ACCENTED))
COLUMN = "search_vector"  # PostgreSQL fills it; Django never names it
VECTOR = f"to_tsvector('simple', {SCOPE.format(row='')} || ' ' || translate(prompt, '{_ACCENTED}', '{_BARE}'))"
POSTGRES = (
    f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {COLUMN} tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    f"CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE} USING gin ({COLUMN})",
)
WINDOW = 300


def ensure_index(**signal) -> None:
    """Make what the search needs where it is missing; called after every migrate.

    Not a migration: SQLite drops a table's triggers whenever Django remakes the table to change a column.
    """
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in POSTGRES:
                cursor.execute(statement)
            return
        names = ", ".join(f"'{name}'" for name in SQLITE)
        cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE name IN ({names})")
        if dict(cursor.fetchall()) != SQLITE:
            _remake_for_sqlite(cursor)


def _remake_for_sqlite(cursor) -> None:
    """Make table and triggers anew and fill the table from the items."""
    for name in SQLITE:
        cursor.execute(f"DROP {'TABLE' if name == INDEX else 'TRIGGER'} IF EXISTS {name}")
    for statement in SQLITE.values():
        cursor.execute(statement)
    cursor.execute(f"INSERT INTO {INDEX}(rowid, scope, prompt) SELECT id, {SCOPE.format(row='')}, prompt FROM {TABLE}")


def words_of(text: str) -> list[str]:
    """The words that are searched for: letters and digits only, so that nothing typed is syntax, and no accents."""
    return [word.lower() for word in re.findall(r"[^\W_]+", _plain(text))][:MOST_WORDS]


def keys_found(
    rows: QuerySet[ContentItem],
    words: list[str],
    *,
    workspace_id: int,
    saved: bool,
    limit: int,
    oldest_first: bool = False,
) -> list[int]:
    """Ids of at most `limit` of `rows` whose prompt has a word beginning with each of `words`, newest first."""
    order = "" if oldest_first else "-"
    scope = f"w{workspace_id}{'s' if saved else 'u'}"
    if connection.vendor == "postgresql":
        query = " & ".join([scope, *(f"{word}:*" for word in words)])
        return _found_by_vector(rows, query, f"{order}pk", limit)
    query = " ".join([f"scope:{scope}", *(f'prompt:"{word}"*' for word in words)])
    found = rows.extra(
        tables=[INDEX],
        where=[f"{INDEX}.rowid = {TABLE}.id", f"{INDEX} MATCH %s"],
        params=[query],
        order_by=[f"{order}{INDEX}.rowid"],
    )
    return list(found.values_list("pk", flat=True)[:limit])


def _found_by_vector(rows: QuerySet[ContentItem], query: str, order: str, limit: int) -> list[int]:
    """PostgreSQL cannot read matches in the order of ids: a common word is found among the first rows of the list,
    and only a rarer one, with few matches to sort, by the index."""
    first = ContentItem.objects.filter(pk__in=rows.order_by(order).values("pk")[:WINDOW])
    found = first.extra(where=[f"{TABLE}.{COLUMN} @@ to_tsquery('simple', %s)"], params=[query])
    keys = list(found.order_by(order).values_list("pk", flat=True)[:limit])
    if len(keys) == limit:
        return keys
    # OFFSET 0 keeps the planner from walking all ids in order instead, in the hope of an early match.
    matches = f"SELECT s.id FROM {TABLE} s WHERE s.{COLUMN} @@ to_tsquery('simple', %s) OFFSET 0"
    found = rows.extra(where=[f"{TABLE}.id IN ({matches})"], params=[query])
    return list(found.order_by(order).values_list("pk", flat=True)[:limit])
