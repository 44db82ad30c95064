"""Settings, read once from the environment (WOSHOU_…)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation may decide. Each is named in docs/reference.md."""

    model_config = SettingsConfigDict(env_prefix="WOSHOU_", extra="ignore")

    data_dir: Path = Field(default=Path(".data/woshou"), description="数据文件夹：内嵌数据库与附件")
    database_url: str = Field(default="", description="PostgreSQL 等数据库地址；留空则用数据文件夹中的 SQLite")
    region_code: str = Field(default="150600", description="本地区行政区划代码")
    region_name: str = Field(default="鄂尔多斯市", description="本地区名称，显示在页眉与报告中")
    demo: bool = Field(default=False, description="示例模式：首页可一键进入各角色，仅限本机回环地址")
    secure_cookies: bool = Field(default=False, description="只经 HTTPS 发送会话 Cookie；城市部署时打开")
    session_hours: int = Field(default=12, ge=1, le=168, description="登录会话的最长时间（小时）")
    worker: bool = Field(default=True, description="网页进程内是否同时运行后台任务线程")
    log_level: str = Field(default="INFO", description="日志级别")

    @property
    def url(self) -> str:
        """The database's address as SQLAlchemy reads it."""
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{self.data_dir.resolve() / 'woshou.db'}"
