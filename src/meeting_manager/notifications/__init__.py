"""What is told to whom: recipients, messages, invitations, reminders, and the handlers that carry them out."""
