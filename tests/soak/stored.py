"""Run in a site's environment: prints, as JSON, what the database holds of bookings."""

import json

import django


def main() -> None:
    django.setup()
    from meeting_manager.bookings.models import Booking

    rows = Booking.objects.prefetch_related("assigned_users__user").order_by("pk")
    columns = [
        {
            "reference": booking.booking_reference,
            "customer": booking.customer_email,
            "status": booking.booking_status,
            "start": booking.start_datetime.isoformat(),
            "hosts": [host.user.email for host in booking.assigned_users.all()],
        }
        for booking in rows
    ]
    print(json.dumps(columns))


if __name__ == "__main__":
    main()
