"""What can be done in a conversation; each answers with the conversation as it is then."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from content.forms.threads import MessageForm
from content.models import Message, Thread
from content.services import thread_starts, threads
from content.views.threads import find_thread, show_thread, thread_context
from inflio.accounts.access import member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InflioError
from inflio.common.htmx import redirect_to, render_fragment, render_page


def _acting(view):
    """Editors only, by POST; without htmx an error of ours is shown on the conversation's own page."""

    @require_POST
    @member_required(Level.EDITOR)
    @wraps(view)
    def acting(request: HttpRequest, pk: int, *args) -> HttpResponse:
        thread = find_thread(request, pk)
        try:
            return view(request, thread, *args)
        except InflioError as error:
            if request.htmx:
                raise
            messages.error(request, error.message)
            return redirect_to(request, thread.get_absolute_url())

    def by_name(request: HttpRequest, pk: int, message: int | None = None) -> HttpResponse:
        return acting(request, pk) if message is None else acting(request, pk, message)

    return wraps(view)(by_name)


@_acting
def send_message(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Say something; an empty message comes back as the form with its error."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        context = thread_context(request, thread, form)
        if request.htmx:
            response = render_fragment(request, "content/thread.html", "composer", context, status=422)
            response["HX-Retarget"] = "#composer"
            return response
        return render_page(request, "content/thread.html", context, status=422)
    text = form.cleaned_data["text"]
    threads.send_message(thread=thread, text=text, by=request.user, key=click_key(request))
    return show_thread(request, thread)


@_acting
def undo(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Go back one picture."""
    threads.undo(thread=thread, by=request.user, key=click_key(request))
    return show_thread(request, thread)


@_acting
def go_back(request: HttpRequest, thread: Thread, message: int) -> HttpResponse:
    """Go on from an earlier picture."""
    threads.go_back(message=_message(thread, message), by=request.user, key=click_key(request))
    return show_thread(request, thread)


@_acting
def retry_message(request: HttpRequest, thread: Thread, message: int) -> HttpResponse:
    """Try a failed or cancelled message again."""
    threads.retry_message(message=_message(thread, message), by=request.user)
    return show_thread(request, thread)


@_acting
def cancel_message(request: HttpRequest, thread: Thread, message: int) -> HttpResponse:
    """Stop what is being made."""
    threads.cancel_message(message=_message(thread, message))
    return show_thread(request, thread)


@_acting
def save_thumbnail(request: HttpRequest, thread: Thread, message: int) -> HttpResponse:
    """Put a picture into the gallery."""
    threads.save_thumbnail(message=_message(thread, message), by=request.user)
    messages.success(request, "Saved to the gallery.")
    return show_thread(request, thread)


@_acting
def choose_thread_engine(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Edit with another engine from now on."""
    threads.choose_engine(thread=thread, engine=request.POST.get("engine", ""))
    return show_thread(request, thread)


@_acting
def delete_thread(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Delete the conversation; what was saved to the gallery stays there."""
    thread_starts.delete_thread(thread=thread)
    messages.success(request, "The conversation is deleted.")
    return redirect_to(request, reverse("content:threads"))


def _message(thread: Thread, pk: int) -> Message:
    message = thread.messages.select_related("job", "asset", "base", "parent").filter(pk=pk).first()
    if message is None:
        raise Http404
    message.thread = thread
    return message
