"""Files sent to the browser."""

from __future__ import annotations

import logging
from urllib.parse import quote

from fastapi.responses import FileResponse, Response

from service.attachments.store import NotKept, Store
from service.context import Context
from service.errors import Unavailable
from service.queries.attachments import attachment_of
from service.queries.listing import Listing, Params, count
from service.reports.tables import MEDIA_TYPES, export, file_name

log = logging.getLogger(__name__)
NOTHING_RUNS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
"""What goes with a file that somebody sent: it is saved, never shown in our name."""


def stored_file(ctx: Context, attachment_id: int) -> Response:
    """A file that somebody attached, under the type its content was told to be; that it was fetched is written down.

    Raises NotFound for those who may not read it, Unavailable when the bytes are gone or are not what they were.
    """
    found, _record = attachment_of(ctx, attachment_id)
    try:
        path = Store(ctx.settings.data_dir).checked(found.sha256)
    except NotKept as error:
        log.error("the bytes of attachment %s are missing or altered", attachment_id)
        raise Unavailable("这个附件的内容已损坏或丢失，没有发出；请告诉系统管理员从备份恢复。") from error
    ctx.saw("download_file", found, of=f"{found.record_type} {found.record_id}", sha256=found.sha256)
    named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"}
    return FileResponse(path, media_type=found.media_type, headers={**NOTHING_RUNS, **named})


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
