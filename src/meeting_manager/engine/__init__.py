"""Pure time and decisions: who can take which meeting, who gets it, and why.

Standard library only, no Django, no clock of its own. Every instant is a whole number of epoch
seconds (UTC); wall-clock time exists in `hours` alone, text only in `stamps` and in what people read.
"""
