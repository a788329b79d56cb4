"""Two members beside each other."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from meeting_manager.analytics.fairness import Load, Share
from meeting_manager.analytics.queries.scope import TAKING_PLACE
from meeting_manager.bookings import when
from meeting_manager.people.models import User
from meeting_manager.workspace.figures import words
from meeting_manager.workspace.figures.sources import Sources, outcome_hrefs
from meeting_manager.workspace.figures.tables import Cell, Row, Table, outcome_columns, outcomes


def comparison(sources: Sources) -> Table:
    """A row for each figure, a column for each of the two; without rows where nobody is to be compared."""
    title = _("Side by side")
    if sources.pair is None:
        return Table("comparison", title, [_("Figure")])
    names = [user.display_name for user in sources.pair]
    columns = [_column(user, sources) for user in sources.pair]
    rows = [Row(Cell(head), cells) for head, *cells in zip(_heads(), *columns, strict=True)]
    return Table("comparison", title, [_("Figure"), *names], rows)


def _heads() -> list[str]:
    shares = [_("Held"), _("Could have held"), _("Mean length"), _("Chosen by name"), _("Share"), _("Expected")]
    return [*outcome_columns(), *shares]


def _column(user: User, sources: Sources) -> Sequence[Cell]:
    numbers, links = sources.numbers, sources.links
    hrefs = outcome_hrefs(links, numbers.period, member=user.email)
    none = Share(Load(user.pk), None, None)
    share = next((share for share in numbers.shares if share.load.user == user.pk), none)
    held = links.bookings(numbers.period, TAKING_PLACE, member=user.email) if share.load.meetings else ""
    return [*outcomes(numbers.of_host(user.pk), hrefs), *_shares(share, held)]


def _shares(share: Share, held: str) -> list[Cell]:
    load = share.load
    mean = round(load.minutes / load.meetings) if load.meetings else None
    return [
        Cell(when.length(load.minutes), load.minutes, held),
        Cell(when.length(load.could), load.could, notes=words.lost(load)),
        Cell(words.NONE if mean is None else when.length(mean), "" if mean is None else mean),
        Cell(words.number(load.by_name), load.by_name),
        *(Cell(words.percent(part), "" if part is None else round(part, 3)) for part in (share.share, share.target)),
    ]
