"""The WSGI entry point: `gunicorn wsgi:app`."""

from skillshare.app import create_app

app = create_app()
