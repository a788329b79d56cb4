"""One UID and a rising SEQUENCE for a booking and all it is moved to."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import meeting_manager.bookings.models

_BEGIN = {
    "postgresql": "UPDATE bookings_booking SET ical_uid = gen_random_uuid()::text WHERE rescheduled_from_id IS NULL",
    "sqlite": "UPDATE bookings_booking SET ical_uid = lower(hex(randomblob(16))) WHERE rescheduled_from_id IS NULL",
}
_FOLLOW = """
    UPDATE bookings_booking SET
        ical_uid = (SELECT old.ical_uid FROM bookings_booking old WHERE old.id = bookings_booking.rescheduled_from_id),
        sequence_base = (
            SELECT old.sequence_base + old.history_length + 1 FROM bookings_booking old
            WHERE old.id = bookings_booking.rescheduled_from_id
        )
    WHERE ical_uid = '' AND rescheduled_from_id IN (SELECT id FROM bookings_booking WHERE ical_uid <> '')
"""


def give(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_BEGIN[schema_editor.connection.vendor])
        cursor.execute(_FOLLOW)
        while cursor.rowcount:
            cursor.execute(_FOLLOW)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="ical_uid",
            field=models.CharField(default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="booking",
            name="sequence_base",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="booking",
            name="ical_uid",
            field=models.CharField(default=meeting_manager.bookings.models.new_uid, editable=False, max_length=64),
        ),
    ]
