"""The logo of a department, chosen by its leader and by System Managers."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from meeting_manager.departments.models import Department, DepartmentLogo
from meeting_manager.departments.pictures import read_picture
from meeting_manager.departments.rules import may_manage
from meeting_manager.departments.services.locking import locked_department
from meeting_manager.people.models import User


def set_logo(*, actor: User, department: Department, content: bytes, content_type: str) -> DepartmentLogo:
    """Make this picture the department's logo, in place of the one before. Raises PermissionDenied, ValidationError."""
    _require_rights(actor, department)
    picture = read_picture(content, content_type)
    with transaction.atomic():
        logo, _ = DepartmentLogo.objects.update_or_create(
            department=locked_department(department),
            defaults={
                "content_type": picture.content_type,
                "content": picture.content,
                "digest": picture.digest,
                "width": picture.width,
                "height": picture.height,
            },
        )
    return logo


def remove_logo(*, actor: User, department: Department) -> None:
    """Let the department be without a logo; nothing happens where it has none. Raises PermissionDenied."""
    _require_rights(actor, department)
    with transaction.atomic():
        DepartmentLogo.objects.filter(department=locked_department(department)).delete()


def _require_rights(actor: User, department: Department) -> None:
    if not may_manage(actor, department):
        raise PermissionDenied("Only System Managers and the leader of the department may do this.")
