"""Who is who: predicates about a user, without reading rows."""

from django.contrib.auth.models import AnonymousUser

from meeting_manager.people.models import SYSTEM_EMAIL, User

AnyUser = User | AnonymousUser
"""Whoever asks: somebody signed in, or nobody."""


def is_system(user: AnyUser) -> bool:
    """Whether this is the reserved user in whose name guests and the system act."""
    return isinstance(user, User) and user.email == SYSTEM_EMAIL


def is_system_manager(user: AnyUser) -> bool:
    """Whether `user` may do everything: the flag counts only while the account is active."""
    return isinstance(user, User) and user.is_active and user.is_system_manager


def is_invited(user: User) -> bool:
    """Whether `user` may sign in, but has never chosen a password."""
    return user.is_active and not user.has_usable_password()


def may_edit_account(actor: AnyUser, user: User) -> bool:
    """Whether `actor` may edit the name, settings, rules and calendars of `user`: themselves and System Managers."""
    return is_system_manager(actor) or (actor.is_active and actor.pk == user.pk)


def may_read_account(actor: AnyUser, user: User) -> bool:
    """As `may_edit_account`, and the leaders of a department of `user`; reads a row when neither is obvious."""
    if may_edit_account(actor, user):
        return True
    return actor.is_active and user.memberships.filter(department__department_leader=actor.pk).exists()
