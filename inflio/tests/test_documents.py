"""What the documents promise exists: every command they name, every setting they list."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_documents_exist(document):
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)) <= targets
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= set(get_commands())


def test_readme_names_both_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert "make run" in text
    assert "make test" in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_linked_in_documents_exist(document):
    links = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))

    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert missing == []


def test_env_example_lists_every_setting():
    code = (ROOT / "inflio" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\("(INFLIO_\w+)"', code))
    listed = set(re.findall(r"^#(INFLIO_\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))

    assert read
    assert read <= listed
