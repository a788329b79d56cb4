"""The views of the list that people keep under names."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from meeting_manager.people.models import User
from meeting_manager.workspace.models import SavedView

MOST_VIEWS = 50

_LONGEST_QUERY = 2000


def save_view(*, user: User, name: str, query: str) -> SavedView:
    """Keep a list under a name; one of the same name is replaced. Raises ValidationError.

    `query` is the cleaned query of the list's address.
    """
    name = _checked(name)
    if len(query) > _LONGEST_QUERY:
        raise ValidationError({"name": _("These filters are too long to be saved.")})
    views = SavedView.objects.filter(user=user)
    if views.count() >= MOST_VIEWS and not views.filter(name=name).exists():
        raise ValidationError({"name": _("You have %(count)s views. Delete one first.") % {"count": MOST_VIEWS}})
    return SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})[0]


def rename_view(*, view: SavedView, name: str) -> None:
    """Give it another name. Raises ValidationError where another of its owner's has that."""
    view.name = _checked(name)
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as error:
        raise ValidationError({"name": _("You have a view of this name already.")}) from error


def delete_view(*, view: SavedView) -> None:
    """Forget the name; the bookings stay what they are."""
    view.delete()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Name is required.")})
    return name
