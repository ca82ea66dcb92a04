"""The words of the looks, with a preview of the prompt they make; a template that cannot be used is not saved."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from content.categories import CATEGORY_OF
from content.models import PromptTemplate
from content.prompts import PLACEHOLDERS, Recipe, build_prompt, template_faults

SAMPLE = {"age": 34, "style": "understated", "personality": "curious, calm"}


class PromptTemplateForm(forms.ModelForm):
    """Refuses placeholders that nothing fills."""

    class Meta:
        model = PromptTemplate
        fields = ("look", "text", "light", "pose", "setting")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4, "cols": 100}),
            **{name: forms.TextInput(attrs={"size": 100}) for name in ("light", "pose", "setting")},
        }

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if faults := template_faults(text):
            raise forms.ValidationError(faults)
        return text


@admin.register(PromptTemplate)
class PromptTemplateAdmin(admin.ModelAdmin):
    """One row for each look. They belong to the installation, so only superusers and those permitted change them."""

    form = PromptTemplateForm
    list_display = ("look", "text", "updated_at")
    search_fields = ("look", "text", "setting")
    readonly_fields = ("placeholders", "prompt", "category_words", "updated_at")
    fields = ("look", "placeholders", "text", "light", "pose", "setting", "category_words", "prompt", "updated_at")

    def get_readonly_fields(self, request: HttpRequest, obj: PromptTemplate | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else ("look", *self.readonly_fields)

    @admin.display(description="placeholders")
    def placeholders(self, row: PromptTemplate) -> str:
        return ", ".join(f"{{{name}}}: {meaning}" for name, meaning in PLACEHOLDERS.items())

    @admin.display(description="what creators are told")
    def category_words(self, row: PromptTemplate) -> str:
        category = CATEGORY_OF.get(row.look)
        return f"{category.light}; {category.pose}" if category else "–"

    @admin.display(description="preview, as saved")
    def prompt(self, row: PromptTemplate) -> str:
        if not row.pk or template_faults(row.text):
            return "–"
        recipe = Recipe(row.text, row.light, row.pose, row.setting)
        return format_html("<p>{}</p>", build_prompt(recipe, attributes=SAMPLE))
