"""Busy time: one narrow table of integers that bookings and external events share."""
