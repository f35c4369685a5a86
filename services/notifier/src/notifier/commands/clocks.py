"""The deadlines of the State of export: each kind of clock registers here what happens at its end."""

from __future__ import annotations

from pic_kit.timers import Deadlines

deadlines = Deadlines()
