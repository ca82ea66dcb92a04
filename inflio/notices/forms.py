"""The choice of what is mailed."""

from django import forms

from inflio.notices.models import NoticeSeen


class MailForm(forms.Form):
    """What is sent by e-mail about this workspace."""

    mail = forms.ChoiceField(label="Send me", choices=NoticeSeen.Mail.choices, widget=forms.RadioSelect)
