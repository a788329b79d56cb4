"""How people sign in: django-allauth for the pages and second factors, django-axes against guessing."""

from datetime import timedelta

from meeting_manager.config.settings.base import DATA_DIR, SITE_NAME

AUTHENTICATION_BACKENDS = [
    # First, so that whoever guessed too often is refused before a password is looked at.
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "meeting_manager.people.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
# System Managers make accounts and answer for their addresses; there is no public sign-up.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
# A second net, wider than axes, and the only one for codes of second factors; counted in the cache.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,20/5m/key"}

# Shared by the processes of a machine, so that a code is used once and guesses are counted together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "cache"),
    }
}

MFA_ADAPTER = "meeting_manager.people.signin.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_ALLOW_UNVERIFIED_EMAIL = True

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "meeting_manager.people.signin.attempted_account"
AXES_CLIENT_IP_CALLABLE = "meeting_manager.people.signin.client_address"
AXES_LOCKOUT_CALLABLE = "meeting_manager.people.signin.locked_out"
AXES_ENABLE_ADMIN = False
# Nobody needs a record of who signed in when; attempts that failed are kept as long as they count.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
