"""Giving a booking to another host: who is free is a button, who is not says why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting_manager.bookings import services
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.times import explain
from meeting_manager.engine.slots import Refusal, waivable
from meeting_manager.people.models import User
from meeting_manager.people.queries import visible_to
from meeting_manager.workspace.acts.forms import ReassignForm
from meeting_manager.workspace.pages import staff_page
from meeting_manager.workspace.views.acts.visiting import Acting, act_on, attempt


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of the department who does not have the booking, and why they can't; free without refusals."""

    user: User
    refusals: Sequence[Refusal]

    @property
    def can_be_forced(self) -> bool:
        """Whether those who decide may set aside what refuses them."""
        return all(waivable(refusal.code) for refusal in self.refusals)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def reassign_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """GET shows who could have it, POST gives it to `new_user`."""
    acting = act_on(request, user, booking, "reassign")
    if isinstance(acting, HttpResponse):
        return acting
    form = ReassignForm(request.POST if request.method == "POST" else None)
    answer = attempt(form, lambda: _reassign(acting, form)) if form.is_valid() else (422 if form.is_bound else 200)
    return answer if isinstance(answer, HttpResponse) else _page(acting, form, answer)


def _reassign(acting: Acting, form: ReassignForm) -> HttpResponse:
    given, known = form.cleaned_data, visible_to(acting.user)
    new_user = known.get(email=given["new_user"].lower())
    services.reassign(
        booking=acting.booking,
        new_user=new_user,
        old_user=known.get(email=given["old_user"].lower()) if given["old_user"] else None,
        actor=acting.user,
        now=acting.now,
        reason=given["reassignment_reason"],
        force_reason=given["force_reason"],
    )
    return acting.done(_("%(name)s has the booking now.") % {"name": new_user.display_name})


def _page(acting: Acting, form: ReassignForm, status: int) -> HttpResponse:
    candidates = _candidates(acting)
    free = [one for one in candidates if not one.refusals]
    others = [one for one in candidates if one.refusals]
    hosts = [row.user for row in acting.booking.assigned_users.all()]
    return acting.page("reassign", form, status, free=free, others=others, hosts=hosts)


def _candidates(acting: Acting) -> list[Candidate]:
    booking = acting.booking
    present = {row.user.email for row in booking.assigned_users.all()}
    told = explain(
        meeting_type=booking.meeting_type,
        start=booking.start_datetime,
        end=booking.end_datetime,
        now=acting.now,
        moving=Moving.of(booking),
    )
    users = {user.email: user for user in visible_to(acting.user).filter(email__in=[one.user for one in told])}
    return [Candidate(users[one.user], one.refusals) for one in told if one.user in users and one.user not in present]
