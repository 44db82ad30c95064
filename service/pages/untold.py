"""Pages whose address is a secret: no other site learns it from them, and no search engine keeps it."""

from __future__ import annotations

from fastapi.responses import Response


def untold(page: Response) -> Response:
    """The page with headers that keep its address to itself."""
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page
