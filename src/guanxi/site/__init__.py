"""The Django project: settings, urls, wsgi and asgi."""
