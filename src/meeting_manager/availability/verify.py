"""What must hold for availability rules."""

from collections.abc import Iterator

from django.db.models import Count

from meeting_manager.adapters.inspection import CHUNK, Check, Inspection, Violation
from meeting_manager.availability.models import AvailabilityRule
from meeting_manager.names.verify import counters_behind, misnamed


def _defaults(inspection: Inspection) -> Iterator[Violation]:
    rules = AvailabilityRule.objects.filter(is_default=True).order_by().values_list("user__email")
    for email, number in inspection.count(rules.annotate(number=Count("pk")).filter(number__gt=1)):
        wrong = f"This user has {number} default availability rules."
        yield Violation(email, wrong, "Unset Is Default in all but one.")


def _names(inspection: Inspection) -> Iterator[Violation]:
    rules = AvailabilityRule.objects.order_by("pk")
    yield from misnamed("MM-UAR", inspection.count(rules.values_list("name", "user__email").iterator(CHUNK)))
    yield from counters_behind(rules.values_list("name", flat=True).iterator(CHUNK))


CHECKS = (
    Check("nobody has two default rules", _defaults),
    Check("availability rules bear names of their users", _names),
)
