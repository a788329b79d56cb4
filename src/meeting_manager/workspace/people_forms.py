"""The forms of people: looking for them, inviting and editing them."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from meeting_manager.departments.queries import managed_by
from meeting_manager.people.models import User
from meeting_manager.workspace.setup_forms import Group, SetupForm

ROLES = (
    ("", _("All")),
    ("manager", _("System Managers")),
    ("leader", _("Leaders")),
    ("member", _("Members")),
    ("none", _("In no department")),
)
STATES = (("", _("All")), ("active", _("Active")), ("invited", _("Invited")), ("disabled", _("Disabled")))


class PeopleFilterForm(forms.Form):
    """Whom to list."""

    q = forms.CharField(label=_("Name or e-mail"), max_length=254, required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)

    def __init__(self, data: object, user: User) -> None:
        """A form in which `user` chooses among departments that they manage."""
        super().__init__(data)  # type: ignore[arg-type] # as Django's own
        managed = managed_by(user).values_list("department_slug", "department_name")
        self.fields["department"].choices = [("", _("All")), *managed]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        """What is asked for; a value that is none of the choices counts as not given."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name, "")).strip() for name in self.fields}


class ColleagueForm(SetupForm):
    """Somebody new."""

    GROUPS: ClassVar[tuple[Group, ...]] = (("", ("email", "full_name")),)

    email = forms.CharField(label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "off"}))
    full_name = forms.CharField(label=_("Name"), max_length=140, required=False)


class InviteForm(ColleagueForm):
    """Somebody new, with what they may do."""

    GROUPS: ClassVar[tuple[Group, ...]] = (("", ("email", "full_name", "is_system_manager")),)

    is_system_manager = forms.BooleanField(
        label=_("System Manager"),
        help_text=_("May do everything: departments, people, all bookings."),
        required=False,
    )


class PersonForm(SetupForm):
    """What a System Manager changes of somebody."""

    GROUPS: ClassVar[tuple[Group, ...]] = (("", ("full_name", "is_system_manager")),)

    full_name = forms.CharField(label=_("Name"), max_length=140, required=False)
    is_system_manager = InviteForm.base_fields["is_system_manager"]
