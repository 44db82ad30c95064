"""The files of a request, looked into before its unit of work begins, so that no lock is held meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from service.attachments.arrivals import Arrival, receive
from service.web.dependencies import FormDep, installation_of


def read_files(request: Request, _form: FormDep) -> Iterator[list[Arrival]]:
    """What was sent in the field ``file``; one file more than a record may have is enough to see it is too many."""
    settings = installation_of(request).settings
    sent: list[UploadFile] = [one for one in getattr(request.state, "files", []) if one.filename or one.size]
    arrivals: list[Arrival] = []
    try:
        for one in sent[: settings.attachments_per_record + 1]:
            arrivals.append(receive(settings, one.filename or "", one.file))  # noqa: PERF401 - those before are cleared away when one fails
        request.state.file_digests = [arrival.sha256 for arrival in arrivals]
        yield arrivals
    finally:
        for one in getattr(request.state, "files", []):
            one.file.close()
        for arrival in arrivals:
            if arrival.refusal is None:
                arrival.path.unlink(missing_ok=True)


FilesDep = Annotated[list[Arrival], Depends(read_files)]
