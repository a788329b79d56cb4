"""Connected calendars and the events synced from and to them."""
