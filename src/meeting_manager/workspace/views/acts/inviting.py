"""Who else takes part: invited and taken off by staff; and the answer of a colleague who is invited."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meeting_manager.bookings import queries, services
from meeting_manager.bookings.choices import ParticipantType
from meeting_manager.bookings.inputs import Invitee
from meeting_manager.bookings.models import Participant
from meeting_manager.people.models import User
from meeting_manager.web.problems import problem_of
from meeting_manager.workspace.acts.forms import AnswerForm, InviteForm
from meeting_manager.workspace.pages import staff_page
from meeting_manager.workspace.views.acts.visiting import Acting, act_on, attempt


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def invite_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """GET asks whom, POST invites them."""
    acting = act_on(request, user, booking, "edit")
    if isinstance(acting, HttpResponse):
        return acting
    form = InviteForm(request.POST if request.method == "POST" else None)
    answer = attempt(form, lambda: _invite(acting, form)) if form.is_valid() else (422 if form.is_bound else 200)
    return answer if isinstance(answer, HttpResponse) else acting.page("invite", form, answer)


def _invite(acting: Acting, form: InviteForm) -> HttpResponse:
    email = form.cleaned_data["email"].strip().lower()
    colleague = User.objects.filter(email=email, is_active=True).first()
    kind = ParticipantType.INTERNAL if colleague else ParticipantType.EXTERNAL
    invitee = Invitee(email, form.cleaned_data["name1"], colleague, kind)
    services.invite(booking=acting.booking, invitees=[invitee], actor=acting.user, now=acting.now)
    return acting.done(_("%(email)s is invited.") % {"email": email})


@staff_page
@require_POST
def uninvite_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """Take `email` off; a refusal is told on the booking's page."""
    acting = act_on(request, user, booking, "edit")
    if isinstance(acting, HttpResponse):
        return acting
    email = request.POST.get("email", "")
    try:
        services.uninvite(booking=acting.booking, email=email, actor=user, now=acting.now)
    except (ValidationError, Participant.DoesNotExist) as error:
        problem = problem_of(error)
        messages.error(request, problem.detail if problem else str(error))
        return redirect(acting.own)
    return acting.done(_("%(email)s is not invited any more.") % {"email": email})


@staff_page
@require_POST
def answer_page(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """The answer of whoever is signed in and invited."""
    invited, form = queries.get_to_answer(user, booking), AnswerForm(request.POST)
    row = invited.participants.get(user=user)
    try:
        form.full_clean()
        given = form.cleaned_data.get("response", "")
        services.respond(booking=invited, email=row.email, response=given, actor=user, now=timezone.now())
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("Your answer is noted."))
    return redirect("workspace_booking", invited.name)
