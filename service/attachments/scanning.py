"""The outside scanner an installation may name, such as clamdscan: asked about each file before it is kept."""

from __future__ import annotations

import logging
import shlex
import subprocess
from pathlib import Path

from service.attachments.kinds import Refused

LONGEST_SECONDS = 120
log = logging.getLogger(__name__)


def scan(command: str, path: Path) -> None:
    """Run ``command`` without a shell, the file's place as its last argument. Raises Refused unless it ends with 0.

    A scanner that is missing or does not answer refuses too: a file nobody looked at is not kept.
    """
    if not command:
        return
    try:
        done = subprocess.run(  # noqa: S603 - what the installation's own settings name; the file's name is ours
            [*shlex.split(command), str(path)], check=False, capture_output=True, timeout=LONGEST_SECONDS
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        log.error("the scanner does not answer: %s", error)
        raise Refused("scanner", "查毒程序没有应答，文件没有保存；请稍后再试，或告诉系统管理员") from error
    if done.returncode != 0:
        log.warning("the scanner refused a file: exit %s", done.returncode)
        raise Refused("scanner", "查毒程序没有放行这个文件，没有保存；请检查您的电脑后换一份再传")
