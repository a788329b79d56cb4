"""What must hold for departments, their members, meeting types and questions."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Exists, OuterRef, Q, Sum

from meeting_manager.adapters.inspection import CHUNK, Check, Inspection, Violation
from meeting_manager.departments.choices import QuestionType
from meeting_manager.departments.models import (
    Department,
    DepartmentLogo,
    DepartmentMember,
    MeetingType,
    MeetingTypeQuestion,
)
from meeting_manager.departments.pictures import digest_of
from meeting_manager.departments.rules import active
from meeting_manager.departments.validators import FEWEST_OPTIONS, MOST_OPTIONS

_FEW = 20
"""Rows that carry pictures, fetched at once."""


def _leaders(inspection: Inspection) -> Iterator[Violation]:
    row = DepartmentMember.objects.filter(department=OuterRef("pk"), member=OuterRef("department_leader"))
    led = Department.objects.filter(department_leader__isnull=False).exclude(Exists(active(row)))
    for name, email in inspection.count(led.values_list("name", "department_leader__email")):
        wrong = f"Its leader '{email}' is not an active member."
        yield Violation(name, wrong, "Choose another leader, or make this one an active member.")


def _staffing(inspection: Inspection) -> Iterator[Violation]:
    members = DepartmentMember.objects.filter(department=OuterRef("pk"))
    empty = Department.objects.exclude(Exists(active(members)))
    for name in inspection.count(empty.values_list("name", flat=True)):
        yield Violation(name, "It has no active member.", "Add one, or delete the department.")


def _names(inspection: Inspection) -> Iterator[Violation]:
    departments = Department.objects.exclude(name__startswith="MM-DEPT-").values_list("name", flat=True)
    types = MeetingType.objects.exclude(name__startswith="MM-MT-").values_list("name", flat=True)
    for name in inspection.count(chain(departments, types)):
        wrong = "The document name does not begin as one of its kind does (MM-DEPT- or MM-MT-)."
        yield Violation(name, wrong, "Names never change: find out who wrote it, and restore the name.")


def _counters(inspection: Inspection) -> Iterator[Violation]:
    turns = Q(total_assignments__lt=0) | Q(total_assignments__gt=0, last_assigned_datetime__isnull=True)
    odd = DepartmentMember.objects.filter(turns | Q(total_assignments=0, last_assigned_datetime__isnull=False))
    rows = odd.values_list("department__name", "member__email", "total_assignments").order_by("pk")
    for department, email, total in inspection.count(rows.iterator(CHUNK)):
        wrong = f"{total} assignments do not go with the time of the last one."
        yield Violation(f"{department}, member {email}", wrong, "Count their Assigned entries and set both anew.")


def _balances(inspection: Inspection) -> Iterator[Violation]:
    """What the free members earn the chosen one pays, so balances add up to nothing at any time."""
    sums = Department.objects.annotate(total=Sum("members__weighted_balance")).exclude(total=0)
    for name, total in inspection.count(sums.values_list("name", "total")):
        wrong = f"The balances of Weighted add up to {total} instead of 0."
        yield Violation(name, wrong, "Set weighted_balance of all its members to 0: turns start anew.")


def _questions(inspection: Inspection) -> Iterator[Violation]:
    """A Choice, and nothing else, has options to choose from."""
    columns = ("meeting_type__name", "key", "question_type", "options")
    rows = MeetingTypeQuestion.objects.order_by("pk").values_list(*columns)
    for name, key, kind, options in inspection.count(rows.iterator(CHUNK)):
        if not _can_be_answered(kind, options):
            wrong = f"Its options are not what a question of the type {kind} has."
            yield Violation(f"{name}, question {key}", wrong, "Set the questions of the meeting type anew.")


def _can_be_answered(kind: str, options: object) -> bool:
    if kind != QuestionType.CHOICE:
        return options == []
    if not isinstance(options, list) or not all(isinstance(one, str) and one for one in options):
        return False
    return FEWEST_OPTIONS <= len(options) == len(set(options)) <= MOST_OPTIONS


def _logos(inspection: Inspection) -> Iterator[Violation]:
    rows = DepartmentLogo.objects.order_by("pk").values_list("department__name", "content", "digest")
    for name, content, digest in inspection.count(rows.iterator(_FEW)):
        if digest_of(bytes(content)) != digest:
            yield Violation(f"{name}, logo", "The picture is not what its digest says.", "Upload it again.")


CHECKS = (
    Check("leaders are active members", _leaders),
    Check("every department is staffed", _staffing),
    Check("departments and meeting types bear names of their kind", _names),
    Check("members' counters go together", _counters),
    Check("questions of meeting types can be answered", _questions),
    Check("balances of Weighted add up", _balances),
    Check("logos are what their digests say", _logos),
)
