"""The forms before something is done to many bookings."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from meeting_manager.departments.models import DepartmentMember
from meeting_manager.departments.queries import managed_by
from meeting_manager.departments.rules import active
from meeting_manager.people.models import User
from meeting_manager.web.forms import RefusableForm
from meeting_manager.workspace.many.verbs import Deed

_LONGEST_CHOICE = 100_000
_LONGEST_WORDS = 10_000


class HostForm(forms.Form):
    """Who is to take the bookings over."""

    to = forms.ChoiceField(label=_("New host"), required=False)

    def __init__(self, data: object, hosts: Sequence[User]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict, as Django's own forms take it
        self._hosts = {host.email: host for host in hosts}
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        words = [(host.email, f"{host.display_name} ({host.email})") for host in hosts]
        field.choices = [("", _("Whoever the assignment finds: free, and with the smallest share")), *words]

    def host(self) -> User | None:
        """Who was chosen; None: the assignment is to find somebody."""
        return self._hosts.get(self.cleaned_data.get("to", "")) if self.is_valid() else None


class ConfirmForm(RefusableForm):
    """What is confirmed: the bookings that the page showed, and words about them."""

    words = forms.CharField(required=False, max_length=_LONGEST_WORDS, widget=forms.Textarea({"rows": 3}))
    chosen = forms.CharField(max_length=_LONGEST_CHOICE, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: object = None, *, deed: Deed, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # as above
        self._deed = deed
        self.fields["words"].label = str(deed.words_label)
        self.fields["words"].help_text = str(deed.words_hint)

    def clean_words(self) -> str:
        """The words; a reason where the service needs one."""
        words: str = self.cleaned_data["words"]
        if self._deed.needs_words and not words.strip():
            raise forms.ValidationError(_t("Rejection Reason is required when rejecting a booking."))
        return words


def hosts_for(user: User) -> list[User]:
    """Who may host for a department that `user` manages, by name; one query besides those of rights."""
    members = active(DepartmentMember.objects.filter(department__in=managed_by(user)))
    return list(User.objects.filter(pk__in=members.values("member")).order_by("full_name", "email"))
