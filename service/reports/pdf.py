"""A Word document as PDF, by the LibreOffice of this machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from service.errors import WoshouError

LONGEST_SECONDS = 120


class NoPdf(WoshouError):
    """This machine cannot make a PDF."""

    status, slug, title = 501, "no-pdf", "无法生成 PDF"


def pdf(document: bytes) -> bytes:
    """``document`` (docx) as PDF. Raises NoPdf when LibreOffice is missing or fails."""
    program = shutil.which("soffice")
    if program is None:
        raise NoPdf("这台机器没有安装 LibreOffice，不能生成 PDF；请改用 docx，或安装 libreoffice-writer 后再试。")
    with tempfile.TemporaryDirectory(prefix="woshou-pdf-") as folder:
        source = Path(folder) / "report.docx"
        source.write_bytes(document)
        convert = [
            program,
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            str(source),
        ]
        try:
            subprocess.run(convert, check=True, capture_output=True, timeout=LONGEST_SECONDS)  # noqa: S603 - our own file
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise NoPdf("LibreOffice 转换 PDF 没有成功，请改用 docx 格式。") from error
