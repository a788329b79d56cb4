"""The cheapest flow from many sources to one sink, a unit at a time, on integers."""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count


@dataclass(slots=True)
class _Arc:
    to: int
    room: int
    cost: int
    back: int
    """The place of its opposite among the arcs of `to`."""


@dataclass(slots=True)
class Flow:
    """A network whose costs are not negative; what was sent is found in `used`."""

    _arcs: list[list[_Arc]] = field(default_factory=list)
    _height: list[int] = field(default_factory=list)

    def node(self) -> int:
        """A new node."""
        self._arcs.append([])
        self._height.append(0)
        return len(self._arcs) - 1

    def arc(self, start: int, end: int, room: int, cost: int) -> tuple[int, int]:
        """An arc for `room` units at `cost` each; the answer is what `used` asks for."""
        self._arcs[start].append(_Arc(end, room, cost, len(self._arcs[end])))
        self._arcs[end].append(_Arc(start, 0, -cost, len(self._arcs[start]) - 1))
        return start, len(self._arcs[start]) - 1

    def used(self, arc: tuple[int, int]) -> int:
        """How many units go along an arc."""
        known = self._arcs[arc[0]][arc[1]]
        return self._arcs[known.to][known.back].room

    def send(self, source: int, sink: int) -> int | None:
        """Send one unit more, moving others where that is cheaper; what it adds to the cost, None where no way leads.

        Dijkstra's search on costs that the heights of the nodes keep from being negative (Johnson), ended at the sink.
        """
        distance, came_by = self._search(source, sink)
        if sink not in distance:
            return None
        reached = distance[sink]
        for node, far in distance.items():
            self._height[node] += min(far, reached) - reached
        at, price = sink, 0
        while at != source:
            start, number = came_by[at]
            arc = self._arcs[start][number]
            arc.room -= 1
            self._arcs[at][arc.back].room += 1
            price += arc.cost
            at = start
        return price

    def _search(self, source: int, sink: int) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
        distance, came_by = {source: 0}, dict[int, tuple[int, int]]()
        order = count()
        waiting = [(0, next(order), source)]
        while waiting:
            far, _, node = heappop(waiting)
            if far > distance[node]:
                continue
            if node == sink:
                break
            for number, arc in enumerate(self._arcs[node]):
                if arc.room:
                    nearer = far + arc.cost + self._height[node] - self._height[arc.to]
                    if nearer < distance.get(arc.to, nearer + 1):
                        distance[arc.to], came_by[arc.to] = nearer, (node, number)
                        heappush(waiting, (nearer, next(order), arc.to))
        return distance, came_by
