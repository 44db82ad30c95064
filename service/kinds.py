"""The kinds of posting: one row each; list, form, API and import follow from it.

A kind of posting is one mapped class (``models/``), one command class and one row of KINDS here, and one migration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, field_validator

from models import (
    Achievement,
    AchievementCategory,
    Confidentiality,
    ConversionMode,
    Match,
    Need,
    NeedCategory,
    OrganizationKind,
    PostingState,
)
from models.base import Labelled
from service.commands import (
    Command,
    Keywords,
    OptionalDate,
    OptionalInt,
    OptionalLevel,
    OptionalMoney,
    OptionalText,
    Version,
    wrong,
)


class CooperationMode(Labelled):
    """How an enterprise would like to work with an institute."""

    ENTRUSTED = "ENTRUSTED", "委托开发"
    JOINT = "JOINT", "合作开发"
    TRANSFER = "TRANSFER", "技术转让"
    LICENSE = "LICENSE", "技术许可"
    CONSULTING = "CONSULTING", "技术咨询"
    SERVICE = "SERVICE", "技术服务"
    PLATFORM = "PLATFORM", "共建平台"
    EQUITY = "EQUITY", "作价投资"


def words(title: str, hint: str = "", *, limit: int, widget: str = "text") -> Any:
    """A field of running text of at most ``limit`` characters."""
    return Field(max_length=limit, title=title, description=hint, json_schema_extra={"widget": widget})


def picked(title: str, hint: str = "", *, widget: str, **limits: Any) -> Any:
    """A field that is chosen rather than typed."""
    return Field(title=title, description=hint, json_schema_extra={"widget": widget}, **limits)


class WritePosting(Command):
    """What every kind of posting has."""

    title: Annotated[str, words("名称", "一句话说清楚", limit=120), Field(min_length=1)]
    keywords: Keywords = []
    categories: Annotated[
        list[int], picked("技术领域", "可多选，系统会按内容给出建议", widget="categories", max_length=12)
    ] = []
    region_code: Annotated[OptionalText, picked("所在地区", widget="region")] = None
    confidentiality: Annotated[Confidentiality, picked("公开范围", "谁可以看到这条内容", widget="select")] = (
        Confidentiality.PUBLIC
    )
    masked_name: Annotated[str, words("对外显示名称", "不愿公开机构名称时填写，例如：某现代煤化工企业", limit=100)] = ""
    contact_name: Annotated[str, words("联系人", "双方都愿意谈之后，对方才能看到", limit=50)] = ""
    contact_phone: Annotated[str, words("联系电话", "双方都愿意谈之后，对方才能看到", limit=50)] = ""
    contact_consent: Annotated[
        bool,
        picked(
            "同意在双方有意后向对方提供以上联系方式",
            "填了联系人或电话才需要；是别人的联系方式，请先征得本人同意。随时可在“我的账号—我的数据”撤回",
            widget="checkbox",
        ),
    ] = False
    organization_id: Annotated[
        OptionalInt, picked("代哪家机构发布", "只有组织方和经纪人需要填写", widget="organization")
    ] = None
    no_secret: Annotated[
        bool,
        picked("我承诺所填内容不涉及国家秘密", "涉密内容禁止在本系统填写", widget="checkbox", validate_default=True),
    ] = False
    version: Version | None = None

    @field_validator("no_secret")
    @classmethod
    def _pledged(cls, value: bool) -> bool:
        if not value:
            raise wrong("请先确认所填内容不涉及国家秘密")
        return value


class WriteNeed(WritePosting):
    """Input of a technical need."""

    problem: Annotated[str, words("卡点", "卡在哪里：现在做不到什么，为什么做不到", limit=2000, widget="textarea")] = ""
    present_state: Annotated[str, words("现状", "现有的设备、工艺、已经试过的办法", limit=2000, widget="textarea")] = ""
    target_indicators: Annotated[
        str, words("目标指标", "尽量写数字，例如：纯度 ≥99.5 %，单耗 ≤4.3 kWh/Nm³", limit=2000, widget="textarea")
    ] = ""
    budget: Annotated[OptionalMoney, picked("预算", "单位为元，也可写 128万元；不便公开可留空", widget="money")] = None
    deadline: Annotated[OptionalDate, picked("期限", "希望在哪天之前解决", widget="date")] = None
    cooperation_modes: Annotated[list[CooperationMode], picked("合作方式", "可多选", widget="checkboxes")] = []
    wanted_trl: Annotated[
        OptionalLevel, picked("成熟度要求（TRL）", "成果至少要到哪一级，1–9 级；没有要求可留空", widget="trl")
    ] = None
    is_bottleneck: Annotated[bool, picked("属于“卡脖子”技术", widget="checkbox")] = False


class WriteAchievement(WritePosting):
    """Input of an achievement."""

    abstract: Annotated[
        str, words("成果简介", "解决什么问题，用什么方法，达到什么水平", limit=2000, widget="textarea")
    ] = ""
    advantages: Annotated[
        str, words("技术优势", "与现有技术相比好在哪里，尽量写数字", limit=2000, widget="textarea")
    ] = ""
    application: Annotated[str, words("已应用情况", "在哪里用过，效果如何", limit=2000, widget="textarea")] = ""
    trl: Annotated[OptionalLevel, picked("技术成熟度（TRL）", "1–9 级", widget="trl")] = None
    ip_summary: Annotated[str, words("知识产权", "专利号、软著、标准等", limit=1000, widget="textarea")] = ""
    conversion_modes: Annotated[
        list[ConversionMode], picked("拟转化方式", "《促进科技成果转化法》第十六条", widget="checkboxes")
    ] = []
    price: Annotated[OptionalMoney, picked("意向价格", "单位为元，也可写 300万元；留空即为面议", widget="money")] = None


@dataclass(frozen=True)
class Kind:
    """One kind of posting, as the rest of the service needs to know it."""

    plural: str
    singular: str
    label: str
    verb: str
    model: Any
    link: Any
    match_key: Any
    command: type[WritePosting]
    counterpart: str
    owner_kind: OrganizationKind
    own_word: str
    won_label: str
    intro: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    def state_label(self, state: PostingState) -> str:
        """The state's label in this kind's own words."""
        return self.won_label if state is PostingState.CLOSED_WON else state.label

    def option_labels(self, field: str, values: Sequence[str]) -> list[str]:
        """The labels of a stored list of choices, such as the cooperation modes."""
        choices = {"cooperation_modes": CooperationMode, "conversion_modes": ConversionMode}[field]
        return [choices(value).label for value in values]


_PUBLICITY = (
    "公开与联系",
    ("confidentiality", "masked_name", "contact_name", "contact_phone", "contact_consent", "no_secret"),
)

KINDS: Mapping[str, Kind] = {
    kind.plural: kind
    for kind in (
        Kind(
            plural="needs",
            singular="need",
            label="技术需求",
            verb="发布技术需求",
            model=Need,
            link=NeedCategory,
            match_key=Match.need_id,
            command=WriteNeed,
            counterpart="achievements",
            owner_kind=OrganizationKind.ENTERPRISE,
            own_word="需求方",
            won_label="已解决",
            intro="把卡住生产的技术难题写出来，系统会找到可能解决它的科研成果。",
            sections=(
                ("技术难题", ("title", "problem", "present_state", "target_indicators", "is_bottleneck")),
                ("归类", ("keywords", "categories", "region_code", "organization_id")),
                ("投入与合作", ("budget", "deadline", "cooperation_modes", "wanted_trl")),
                _PUBLICITY,
            ),
        ),
        Kind(
            plural="achievements",
            singular="achievement",
            label="科技成果",
            verb="发布科技成果",
            model=Achievement,
            link=AchievementCategory,
            match_key=Match.achievement_id,
            command=WriteAchievement,
            counterpart="needs",
            owner_kind=OrganizationKind.INSTITUTE,
            own_word="技术方",
            won_label="已转化",
            intro="把可以转化的成果登记出来，系统会找到正需要它的企业。",
            sections=(
                ("成果内容", ("title", "abstract", "advantages", "application")),
                ("成熟度与知识产权", ("trl", "ip_summary")),
                ("归类", ("keywords", "categories", "region_code", "organization_id")),
                ("转化", ("conversion_modes", "price")),
                _PUBLICITY,
            ),
        ),
    )
}
