"""Mail: queued with its cause, sent by a job through the server the settings name."""

from __future__ import annotations

import json
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from models.sealed import KEY_RING
from service.config import Settings
from service.context import Context

TIMEOUT_SECONDS = 20


def mail_is_on(settings: Settings) -> bool:
    """Whether letters are sent; otherwise they are shown to be copied."""
    return bool(settings.smtp_host and settings.mail_from)


def post(ctx: Context, to: str, subject: str, text: str, *, calendar: str = "") -> bool:
    """Queue a letter in this transaction; False when no mail server is set. Raises ValueError for a broken address.

    ``calendar`` is an iCalendar object with a METHOD, sent beside the text as a part of its own (RFC 6047).
    """
    _address(to)
    if not mail_is_on(ctx.settings):
        return False
    letter = json.dumps({"to": to, "subject": subject, "text": text, "calendar": calendar}, ensure_ascii=False)
    ctx.enqueue("send_mail", letter=KEY_RING.seal(letter))
    return True


def send(settings: Settings, sealed: str) -> None:
    """Send one queued letter. Raises OSError or SMTPException, and the job is tried again."""
    letter = json.loads(KEY_RING.open(sealed))
    message = EmailMessage()
    message["From"] = _address(settings.mail_from)
    message["To"] = _address(letter["to"])
    message["Subject"] = " ".join(letter["subject"].split())
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2])
    message.set_content(letter["text"])
    if calendar := letter.get("calendar"):
        _enclose(message, calendar)
    with _server(settings) as server:
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def _enclose(message: EmailMessage, calendar: str) -> None:
    """Put the calendar object beside the text, where calendars look for it, and as a file for everybody else."""
    method = calendar.partition("METHOD:")[2].split(None, 1)[0]
    message.add_alternative(calendar, subtype="calendar", params={"method": method})
    message.add_attachment(calendar.encode(), maintype="text", subtype="calendar", filename="握手活动.ics")


def _server(settings: Settings) -> smtplib.SMTP:
    where = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*where, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(*where, timeout=TIMEOUT_SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _address(text: str) -> Address:
    """Raises ValueError for an address that would break out of its header."""
    if any(not letter.isprintable() or letter.isspace() for letter in text) or text.count("@") != 1:
        raise ValueError("not a mail address")
    return Address(addr_spec=text)
