"""The two documents of the procedure: notification and movement document."""

from pic_schemas.documents.draft import DraftNotification
from pic_schemas.documents.movement import MovementDocument
from pic_schemas.documents.notification import AuthorityBlocks, NotificationDocument

__all__ = ["AuthorityBlocks", "DraftNotification", "MovementDocument", "NotificationDocument"]
