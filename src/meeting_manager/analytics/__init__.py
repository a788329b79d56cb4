"""Figures about bookings; reads only."""
