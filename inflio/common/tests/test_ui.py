"""The template tags of the interface: what they write, and that they tie things together for screen readers."""

import re
from datetime import timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone


def render(source: str, **context) -> str:
    return " ".join(Template(source).render(Context(context)).split())


class SampleForm(forms.Form):
    email = forms.EmailField(help_text="We write only about your account.")
    story = forms.CharField(widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="I agree")
    face = forms.ChoiceField(widget=forms.RadioSelect, choices=[("own", "Mine"), ("other", "Somebody else's")])


def test_icon_is_silent_unless_labelled():
    assert 'aria-hidden="true"' in render('{% icon "x" %}')
    labelled = render('{% icon "lock" label="Private" %}')
    assert 'aria-label="Private"' in labelled
    assert "aria-hidden" not in labelled


def test_words_without_a_role_carry_no_name_and_only_buttons_are_pressed(settings):
    """Screen readers pass over the label of a plain span, and a span cannot be pressed."""
    tag = re.compile(r"<(span|p|b|strong|small|button|a|i)\b((?:[^<>{]|\{%.*?%\}|\{\{.*?\}\})*)>", re.DOTALL)
    found = [
        f"{path.name}: <{name}{attributes}>"
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for name, attributes in tag.findall(path.read_text(encoding="utf-8"))
        if ("aria-pressed" in attributes and name != "button")
        or ("aria-label=" in attributes and "role=" not in attributes and name not in ("button", "a"))
    ]
    assert found == []


def test_every_icon_used_in_templates_is_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "static/img/icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = {
        name
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())
    }
    assert used - drawn == set()


def test_every_icon_passed_by_name_is_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "static/img/icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = {
        name
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for tag in re.findall(r"{% (?:empty_state|menu) [^%]*%}", path.read_text())
        for name in re.findall(r'icon="([\w-]+)"', tag)
    }
    assert used - drawn == set()


def test_field_ties_help_and_errors_to_the_control():
    form = SampleForm({"email": "nonsense"})
    html = render("{% field form.email %}", form=form)
    described = re.search(r'aria-describedby="([^"]+)"', html).group(1).split()
    assert described == ["id_email_helptext", "id_email_error"]
    assert all(f'id="{name}"' in html for name in described)
    assert 'aria-invalid="true"' in html
    assert 'for="id_email"' in html


def test_field_marks_what_may_be_left_out():
    html = render("{% field form.story %}", form=SampleForm())
    assert "(optional)" in html
    assert "<textarea" in html
    assert "(optional)" not in render("{% field form.email %}", form=SampleForm())


def test_field_of_choices_is_a_fieldset_with_a_legend():
    html = render("{% field form.face label='Whose face?' %}", form=SampleForm())
    assert "<fieldset" in html
    assert re.search(r"<legend[^>]*>Whose face\?</legend>", html)
    assert html.count('type="radio"') == 2


def test_field_takes_attributes_with_dashes():
    html = render('{% field form.email autocomplete="email" data_role="main" %}', form=SampleForm())
    assert 'autocomplete="email"' in html
    assert 'data-role="main"' in html


def test_fields_shows_what_is_wrong_with_the_form_as_a_whole():
    form = SampleForm({})
    form.is_valid()
    form.add_error(None, "These do not fit together.")
    html = render("{% fields form %}", form=form)
    assert html.index("These do not fit together.") < html.index('name="email"')


@pytest.mark.parametrize(
    ("status", "tone", "words"),
    [
        ("ready", "good", "Ready"),
        ("needs_improvement", "warn", "Needs improvement"),
        ("failed", "bad", "Failed"),
        ("something_new", "plain", "Something new"),
    ],
)
def test_badge_has_a_tone_and_words(status, tone, words):
    html = render("{% badge status %}", status=status)
    assert f"tone-{tone}" in html
    assert words in html


def test_score_without_a_measurement_says_so():
    assert "not measured" in render("{% score value %}", value=None)
    assert "not measured" in render("{% score nothing %}")
    assert "0.00" in render("{% score value %}", value=0.0)


def test_portrait_card_shows_a_score_only_when_measured():
    card = '{% portrait_card title="Headshot" src="/p.webp" score=score %}{% endportrait_card %}'
    assert "0.91" in render(card, score=0.914)
    assert "Identity score" not in render(card)


def test_portrait_card_shows_a_menu_only_with_actions():
    card = '{% portrait_card title="Headshot" %}BODY{% endportrait_card %}'
    assert "<details" in render(card.replace("BODY", '<a class="menu__item" href="#">Download</a>'))
    assert "<details" not in render(card.replace("BODY", " "))


def test_photo_card_shows_only_measured_scores():
    scores = {"lighting": 0.5, "clarity": None, "angle": 0.25, "overall": 0.4}
    html = render('{% photo_card name="a.jpg" verdict="accepted" scores=scores %}{% endphoto_card %}', scores=scores)
    assert html.count("<progress") == 3
    assert "Clarity" not in html


def test_components_escape_what_users_write():
    html = render(
        "{% photo_card name=name message=name %}{% endphoto_card %}{% card title=name %}{% endcard %}",
        name="<script>alert(1)</script>",
    )
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("value", "words"), [(None, ""), (0.2, "about 1 s"), (12.4, "about 12 s"), (89, "about 89 s"), (150, "about 2 min")]
)
def test_seconds_are_spoken_roughly(value, words):
    assert render("{{ value|seconds }}", value=value) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Lovelace", "AL"), ("ada", "A"), ("ada.king@example.org", "AK"), ("Ada (sandbox)", "A"), ("", "?")],
)
def test_initials_of_names_and_addresses(name, letters):
    assert render("{{ name|initials }}", name=name) == letters


def test_progress_without_a_value_is_indeterminate():
    html = render('{% progress None "Looking" %}')
    assert not re.search(r"<progress[^>]* value=", html)
    assert "Looking" in html


def test_progress_says_place_or_time_left():
    assert "Number 3 in the queue" in render("{% progress 0 '' place=3 %}")
    html = render("{% progress 0.4 'Rendering' 12 %}")
    assert 'data-seconds-left="12.0"' in html
    assert "about 12 s left" in html


def test_when_says_how_long_ago():
    now = timezone.now()
    assert "just now" in render("{% when moment %}", moment=now)
    assert "2" in render("{% when moment %}", moment=now - timedelta(minutes=2, seconds=5))
    assert "never" in render("{% when moment %}", moment=None)


def test_templates_hold_no_inline_script_or_style(settings):
    """The content security policy would drop it, so nobody would see it work."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|hx-on|<script(?![^>]*\bsrc=)|href=\"javascript:")
    templates = [p for p in (settings.BASE_DIR / "templates").rglob("*.html") if "admin" not in p.parts]
    assert [str(path) for path in templates if inline.search(path.read_text())] == []
