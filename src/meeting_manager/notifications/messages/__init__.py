"""What each message says, before it is put into words: the names its templates use, its facts and its buttons."""

from meeting_manager.notifications.messages.contents import content_of, notice_content
from meeting_manager.notifications.messages.parts import Action, Content, Fact, Line

__all__ = ["Action", "Content", "Fact", "Line", "content_of", "notice_content"]
