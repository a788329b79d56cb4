"""Django's settings, a file for each topic; what an operator may change comes from the environment through ``env``."""

from meeting_manager.config.env import env
from meeting_manager.config.settings.background import *  # noqa: F403 - Django reads settings as names of this module
from meeting_manager.config.settings.base import *  # noqa: F403
from meeting_manager.config.settings.calendars import *  # noqa: F403
from meeting_manager.config.settings.database import *  # noqa: F403
from meeting_manager.config.settings.embedding import *  # noqa: F403
from meeting_manager.config.settings.guests import *  # noqa: F403
from meeting_manager.config.settings.languages import *  # noqa: F403
from meeting_manager.config.settings.logs import *  # noqa: F403
from meeting_manager.config.settings.mail import *  # noqa: F403
from meeting_manager.config.settings.privacy import *  # noqa: F403
from meeting_manager.config.settings.replies import *  # noqa: F403
from meeting_manager.config.settings.security import *  # noqa: F403
from meeting_manager.config.settings.server import *  # noqa: F403
from meeting_manager.config.settings.signin import *  # noqa: F403
from meeting_manager.config.settings.sms import *  # noqa: F403

env.refuse_slips()
