"""Settings, read once from the environment (WOSHOU_…)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation may decide. Each is named in docs/reference.md."""

    model_config = SettingsConfigDict(env_prefix="WOSHOU_", extra="ignore")

    data_dir: Path = Field(default=Path(".data/woshou"), description="数据文件夹：内嵌数据库、附件与密钥")
    database_url: str = Field(default="", description="PostgreSQL 等数据库地址；留空则用数据文件夹中的 SQLite")
    secret_key: str = Field(
        default="",
        description="加密联系方式、动态口令密钥与审计链首的密钥，至少 32 个字符；留空则用数据文件夹中的 secret.key",
    )
    region_code: str = Field(default="150600", description="本地区行政区划代码")
    region_name: str = Field(default="鄂尔多斯市", description="本地区名称，显示在页眉与报告中")
    demo: bool = Field(default=False, description="示例模式：首页可一键进入各角色，仅限本机回环地址")
    base_url: str = Field(default="", description="对外网址，写进邮件里的链接，如 https://woshou.example.cn")
    trusted_proxies: str = Field(
        default="", description="可信代理的网段，逗号分隔；只有从这里来的 X-Forwarded-For 才算数"
    )

    # signing in
    secure_cookies: bool = Field(default=False, description="只经 HTTPS 发送会话 Cookie，并发 HSTS；城市部署时打开")
    session_hours: int = Field(default=12, ge=1, le=168, description="登录会话的最长时间（小时）")
    idle_minutes: int = Field(default=30, ge=1, le=1440, description="多久没有操作就要重新登录（分钟）")
    password_profile: Literal["dengbao", "asvs"] = Field(
        default="dengbao", description="口令规则：dengbao（等保：复杂度、定期更换）或 asvs（OWASP：长度、常见口令）"
    )
    password_days: int = Field(default=90, ge=1, le=365, description="dengbao 规则下口令的有效期（天）")
    lock_failures: int = Field(default=5, ge=3, le=20, description="同一账号连续登录失败几次后锁定陌生设备")
    lock_minutes: int = Field(default=30, ge=1, le=1440, description="登录锁定多久（分钟）")
    second_factor_roles: str = Field(
        default="", description="必须用动态口令登录的角色，逗号分隔，如 ADMIN,SECURITY,AUDITOR"
    )
    staff_networks: str = Field(
        default="", description="组织方、经纪人、领导与三员只能从这些网段登录和办事，逗号分隔；留空不限"
    )
    token_days: int = Field(default=365, ge=1, le=365, description="接口令牌的最长有效期（天）")
    oidc_issuer: str = Field(default="", description="统一身份认证（OpenID Connect）的颁发者网址；留空则不启用")
    oidc_client_id: str = Field(default="", description="统一身份认证的客户端编号")
    oidc_client_secret: str = Field(default="", description="统一身份认证的客户端密钥")
    oidc_label: str = Field(default="统一身份认证", description="登录页上统一身份认证按钮的文字")

    # mail
    smtp_host: str = Field(default="", description="发信服务器；留空则不发信，信的内容显示出来供复制")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="发信服务器端口")
    smtp_security: Literal["none", "starttls", "tls"] = Field(default="none", description="发信的加密方式")
    smtp_user: str = Field(default="", description="发信账号")
    smtp_password: str = Field(default="", description="发信密码")
    mail_from: str = Field(default="", description="发件人地址")
    remind_days: int = Field(default=3, ge=0, le=60, description="握手活动答复期限前几天自动催复一次；0 为不催")

    privacy_contact: str = Field(
        default="", description="个人信息保护的联系方式（电话、邮箱或地址），印在个人信息处理规则里"
    )

    # limits
    reads_per_minute: int = Field(default=1200, ge=0, description="每个账号（未登录按地址）每分钟读取次数；0 为不限")
    writes_per_minute: int = Field(default=600, ge=0, description="每个账号（未登录按地址）每分钟写入次数；0 为不限")
    exports_per_minute: int = Field(default=60, ge=0, description="每个账号每分钟导出和下载次数；0 为不限")
    sign_ins_per_minute: int = Field(default=30, ge=0, description="每个地址每分钟登录、验证与找回次数；0 为不限")
    attachment_mb: int = Field(default=20, ge=1, le=200, description="一个附件最大多少 MB")
    attachments_per_record: int = Field(default=10, ge=1, le=200, description="一条记录最多几个附件")
    organization_attachment_mb: int = Field(default=500, ge=1, description="一家机构的附件总共最多多少 MB")
    attachment_scan_command: str = Field(
        default="", description="外接查毒命令，如 clamdscan --no-summary；文件位置接在最后，返回 0 才放行；留空则不查"
    )

    # keeping
    audit_days: int = Field(default=400, ge=365, description="审计日志至少保存多少天；程序从不自动删除它")
    sign_in_log_days: int = Field(default=180, ge=180, le=3650, description="登录失败记录保存多少天后删除")
    closed_account_days: int = Field(default=1095, ge=30, le=3650, description="账号停用多少天后自动注销并清除个人信息")
    contact_days: int = Field(default=730, ge=30, le=3650, description="需求、成果结束多少天后清除其中的联系人")

    worker: bool = Field(default=True, description="网页进程内是否同时运行后台任务线程")
    log_level: str = Field(default="INFO", description="日志级别")

    @property
    def roles_with_second_factor(self) -> frozenset[str]:
        """The names of the roles that have to sign in with a second factor."""
        return frozenset(part.strip().upper() for part in self.second_factor_roles.split(",") if part.strip())

    @property
    def follows_dengbao(self) -> bool:
        """Whether passwords follow GB/T 22239's rules rather than OWASP ASVS's."""
        return self.password_profile == "dengbao"  # noqa: S105 - the name of a profile

    @property
    def url(self) -> str:
        """The database's address as SQLAlchemy reads it."""
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{self.data_dir.resolve() / 'woshou.db'}"
