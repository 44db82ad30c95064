"""``woshou serve`` and ``woshou worker``."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

import click
import uvicorn

from service.app import check_revision, create_app
from service.cli.console import command, installation
from service.config import Settings
from service.jobs.worker import Worker
from service.warming import warm_up_beside


@command("serve")
@click.option("--host", default="127.0.0.1", show_default="127.0.0.1", help="监听地址。")
@click.option("--port", default=8000, type=int, show_default="8000", help="监听端口。")
def serve(host: str, port: int) -> None:
    """启动网页与接口服务。"""
    settings = Settings()
    logging.getLogger("service").setLevel(settings.log_level.upper())
    app = create_app(settings)
    check_revision(app.state.installation)
    warm_up_beside(app.state.installation)
    print(f"握手已启动：http://{host}:{port}（按 Ctrl+C 停止）", flush=True)
    # who asks is told from WOSHOU_TRUSTED_PROXIES (service/web/origin.py), not from what the server makes of it
    uvicorn.run(
        app, host=host, port=port, log_level="warning", access_log=False, server_header=False, proxy_headers=False
    )


@command("worker")
def worker() -> None:
    """单独运行后台任务进程。"""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with installation() as opened:
        logging.getLogger("service").setLevel(opened.settings.log_level.upper())
        check_revision(opened)
        running = Worker(opened)
        running.start()
        print("后台任务进程已启动（按 Ctrl+C 停止）", flush=True)
        stopping.wait()
        running.stop()
