"""The web application that Granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.site.settings")

from guanxi.records.parting import end_with_parent

end_with_parent()
application = get_wsgi_application()
