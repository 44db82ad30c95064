"""Browsers and programs, as the tests of the doors have them."""

from tests.doors.conftest import app_client, bearer, browse

__all__ = ["app_client", "bearer", "browse"]
