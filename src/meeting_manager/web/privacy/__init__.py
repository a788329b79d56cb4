"""Personal data of one person over all rooms: what there is, told as one file, and erased.

Rooms state what is theirs (`personal.py`, `services/exporting.py`, `services/erasing.py` of each); here it is put
together, for pages, API, command line and periodic work alike. An event that rooms subscribe to would not do: its
subscribers owe deliveries, while this has to be gone when its transaction ends (docs/decisions/0010-workspace.md).
"""
