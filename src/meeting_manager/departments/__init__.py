"""Departments, their members, meeting types and reminder schedules; knows leaders and members."""
