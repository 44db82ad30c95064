"""Files sent to the browser."""

from __future__ import annotations

from urllib.parse import quote

from fastapi.responses import Response

from service.context import Context
from service.queries.listing import Listing, Params
from service.reports.tables import MEDIA_TYPES, export, file_name


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """A file under its Chinese name."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "X-Content-Type-Options": "nosniff",
        },
    )


def download(ctx: Context, listing: Listing, params: Params, form: str) -> Response:
    """The whole list as filtered, as ``form`` xlsx or csv. Raises NotFound for another form."""
    return attachment(export(ctx, listing, params, form), file_name(ctx, listing, form), MEDIA_TYPES[form])
