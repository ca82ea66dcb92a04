"""The back office of content: templates that can be changed safely, shoots and items to look at."""

import pytest
from django.urls import reverse

from content.models import ContentItem, PromptTemplate
from content.services.shoots import start_shoot
from personas.tests.makers import end

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prompt_templates")]


@pytest.fixture
def staff_client(alice, alice_client):
    """Alice as the operator of the installation."""
    alice.is_staff = alice.is_superuser = True
    alice.save()
    return alice_client


@pytest.fixture
def template() -> PromptTemplate:
    return PromptTemplate.objects.get(look="luxury.yacht")


def change(client, row, **words):
    given = {"look": row.look, "text": row.text, "light": row.light, "pose": row.pose, "setting": row.setting}
    return client.post(reverse("admin:content_prompttemplate_change", args=[row.pk]), given | words)


def test_preview_is_the_whole_prompt(staff_client, template):
    page = staff_client.get(reverse("admin:content_prompttemplate_change", args=[template.pk])).content.decode()
    assert "sailing yacht, open sea behind. Elegant, sophisticated" in page
    assert "photographed on film." in page
    assert "{setting}: where" in page


def test_changed_words_are_used(staff_client, template, ready, alice):
    assert change(staff_client, template, setting="on a wooden rowing boat").status_code == 302
    assert "on a wooden rowing boat" in start_shoot(persona=ready, by=alice, look="luxury.yacht", count=1).prompt


@pytest.mark.parametrize("text", ["{persona} at {nowhere}", "{persona} {", "nobody", "{persona.workspace}"])
def test_template_that_cannot_be_used_is_not_saved(staff_client, template, text):
    assert change(staff_client, template, text=text).status_code == 200
    before = template.text
    template.refresh_from_db()
    assert template.text == before


def test_shoots_and_items_are_shown_and_not_changed(staff_client, ready, alice):
    shoot = start_shoot(persona=ready, by=alice, look="luxury.yacht", count=2)
    item = shoot.items.first()
    end(item.job, score=0.9)
    for model, row in (("shoot", shoot), ("contentitem", ContentItem.objects.get(pk=item.pk))):
        assert staff_client.get(reverse(f"admin:content_{model}_changelist") + "?q=yacht").status_code == 200
        page = staff_client.get(reverse(f"admin:content_{model}_change", args=[row.pk]))
        assert "0.9" in page.content.decode() or model == "contentitem"
        assert 'name="_save"' not in page.content.decode()


def test_stranger_on_the_staff_sees_nothing_of_others(charlie, charlie_client, ready, alice):
    shoot = start_shoot(persona=ready, by=alice, look="luxury.yacht", count=1)
    charlie.is_staff = True
    charlie.save()
    assert charlie_client.get(reverse("admin:content_shoot_change", args=[shoot.pk])).status_code in {302, 403, 404}
