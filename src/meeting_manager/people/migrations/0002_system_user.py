"""The reserved user in whose name guests and the system act."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from meeting_manager.people.models import SYSTEM_EMAIL


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Inactive, without a usable password ("!"): the constraint of 0001 keeps it so."""
    user = apps.get_model("people", "User")
    user.objects.using(schema_editor.connection.alias).get_or_create(
        email=SYSTEM_EMAIL, defaults={"full_name": "System", "is_active": False, "password": "!"}
    )


class Migration(migrations.Migration):
    """Going back leaves the user: histories may refer to it."""

    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop, elidable=False)]
