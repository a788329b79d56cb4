"""What this room does: planning messages, sending them, reminders; see the modules."""
