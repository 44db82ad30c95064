"""Files sent to the browser."""

from __future__ import annotations

from urllib.parse import quote

from fastapi.responses import Response

from service.context import Context
from service.queries.listing import Listing, Params, count
from service.reports.tables import MEDIA_TYPES, export, file_name


def report_attachment(ctx: Context, content: bytes, name: str, media_type: str) -> Response:
    """A report under its name; that it was carried out is written down."""
    ctx.saw("export", list=name)
    return attachment(content, name, media_type)


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
    made = export(ctx, listing, params, form)
    narrowed = {key: value for key, value in params.items() if value}
    ctx.saw("export", list=listing.label, form=form, rows=count(ctx, listing, params), narrowed=narrowed)
    return attachment(made, file_name(ctx, listing, form), MEDIA_TYPES[form])
