"""HTTP without sockets and without the fast lane, for servers that speak WSGI only.

Put a limit on the body in front of it; config/http.py has its own.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

application = get_wsgi_application()
