"""Whether a site has anything in it yet."""

from django.contrib.auth import get_user_model
from django.db import connection

from meeting_manager.departments.models import Department


def site_is_empty() -> bool:
    """True for a database without tables, or without departments and users who can sign in."""
    tables = set(connection.introspection.table_names())
    users = get_user_model()
    if {users._meta.db_table, Department._meta.db_table} - tables:
        return True
    return not Department.objects.exists() and not users._default_manager.filter(is_active=True).exists()
