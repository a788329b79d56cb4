"""Users, their settings and tokens, sign-in; knows System Managers."""
