"""What each address of files takes, on pages and in the API. See ``routes`` for how to read it."""

from __future__ import annotations

from service.policy.attachables import ATTACHABLES


def _rows() -> str:
    lines = []
    for kind, one in ATTACHABLES.items():
        for address in (
            f"/{one.page}/{{record_id:int}}/attachments",
            f"/api/v1/{one.noun}/{{record_id:int}}/attachments",
        ):
            lines.append(f"GET {address} read_figures {kind}")
            lines.append(f"POST {address} {one.action} {kind}")
    return "\n".join(lines)


ATTACHMENTS = f"""
{_rows()}
GET    /attachments/{{attachment_id:int}}                 read_figures      Attachment
POST   /attachments/{{attachment_id:int}}/remove          remove_attachment Attachment
GET    /api/v1/attachments/{{attachment_id:int}}          read_figures      Attachment
GET    /api/v1/attachments/{{attachment_id:int}}/content  read_figures      Attachment
DELETE /api/v1/attachments/{{attachment_id:int}}          remove_attachment Attachment
"""
