"""The figures' median wait for an approval is read from an index of the approved bookings alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0007_series")]

    operations = [
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("approval_status", "Approved")),
                fields=["meeting_type", "start_datetime", "booking_status", "approval_date", "created_at"],
                name="idx_approved",
            ),
        ),
    ]
