"""Everything here that comes due; each kind is registered by the module that sets its clock."""

from __future__ import annotations

from pic_kit.timers import Deadlines

deadlines = Deadlines()
