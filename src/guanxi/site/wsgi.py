"""The web application that Granian serves."""

from __future__ import annotations

import multiprocessing
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.site.settings")

from guanxi.records.parting import end_with_parent

_parent = multiprocessing.parent_process()
end_with_parent(parent=_parent.pid if _parent else None)
application = get_wsgi_application()
