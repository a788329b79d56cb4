"""Lists of bookings under names of one's own: saved, opened by their address, renamed, deleted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting_manager.people.models import User
from meeting_manager.workspace.forms import ViewForm
from meeting_manager.workspace.listing.query import cleaned
from meeting_manager.workspace.models import SavedView
from meeting_manager.workspace.pages import show, staff_page
from meeting_manager.workspace.services.views import delete_view, rename_view, save_view


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def views_page(request: HttpRequest, user: User) -> HttpResponse:
    """All views of one's own; POST saves the list with the `query` that the address has."""
    query = cleaned(QueryDict(request.GET.get("query", "")[:4000]))
    form = ViewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            view = save_view(user=user, name=form.cleaned_data["name"], query=query)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
            return redirect(f"{reverse('workspace_bookings')}?{view.query}")
    status = 422 if form.errors else 200
    return show(request, "bookings/views", _about(request, user, form, query), status)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def rename_page(request: HttpRequest, user: User, view: int) -> HttpResponse:
    """Another name for a view."""
    found = SavedView.objects.get(user=user, pk=view)
    form = ViewForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_view(view=found, name=form.cleaned_data["name"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The view is called “%(name)s” now.") % {"name": found.name})
            return redirect("workspace_views")
    return show(request, "bookings/rename", {"form": form, "view": found}, 422 if form.errors else 200)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete_page(request: HttpRequest, user: User, view: int) -> HttpResponse:
    """POST forgets a view; anything else leads to all of them."""
    found = SavedView.objects.get(user=user, pk=view)
    if request.method == "POST":
        messages.success(request, _("The view “%(name)s” is deleted.") % {"name": found.name})
        delete_view(view=found)
    return redirect("workspace_views")


def _about(request: HttpRequest, user: User, form: ViewForm, query: str) -> dict[str, object]:
    return {
        "form": form,
        "query": query,
        "is_saving": "query" in request.GET,
        "views": list(SavedView.objects.filter(user=user)),
    }
