"""The 示例 projects: one intent, one under way, one accepted, one recorded late; parties, contracts and ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from models import (
    Contract,
    ContractKind,
    ConversionMode,
    EntryKind,
    FundSource,
    InvestmentEntry,
    Meeting,
    PartyRole,
    PaymentMode,
    Project,
    ProjectParty,
    ProjectState,
    Role,
)
from models.money import parse_yuan
from service.seeding.demo.story import Story, moment

COMMITTED, RECEIVED, SPENT = EntryKind.COMMITTED, EntryKind.RECEIVED, EntryKind.SPENT
ENTERPRISE, FISCAL, FINANCIAL = FundSource.ENTERPRISE, FundSource.FISCAL, FundSource.FINANCIAL


@dataclass(frozen=True)
class Line:
    """A ledger line; ``takes_back`` names, by its place in the list, the line it reverses."""

    kind: EntryKind
    source: FundSource
    amount: str
    on: date
    evidence: str
    note: str = ""
    takes_back: int | None = None


def open_projects(story: Story, meetings: dict[tuple[str, str], Meeting]) -> None:
    """All four projects, each through its gates."""
    _hydrogen(story, meetings["electrolyser", "electrolyser"])
    _brine(story, meetings["brine", "brine"])
    _forage(story, meetings["forage", "forage"])
    _consulting(story)


def _hydrogen(story: Story, meeting: Meeting) -> None:
    project = _open(
        story,
        date(2025, 6, 25),
        {PartyRole.DEMAND: "hydrogen", PartyRole.TECHNOLOGY: "energy", PartyRole.ORGANIZING: "bureau"},
        title="示例：宽功率波动碱性制氢机组联合研发与首台改造",
        summary="以首台 1000 Nm³/h 机组为对象，联合开发宽功率自适应控制系统和低渗透隔膜组件，完成 2000 小时考核运行。",
        meeting_id=meeting.id,
        region_code="150627",
        point_id=story.categories["point:1"],
        mode=ConversionMode.JOINT,
        trl_start=7,
    )
    contract = _sign(
        story, project, date(2025, 7, 22), "hydrogen", "energy",
        title="示例：宽功率波动碱性制氢机组技术开发合同",
        kind=ContractKind.DEVELOPMENT,
        amount_fen=parse_yuan("1200万"),
        technology_amount_fen=parse_yuan("960万"),
        payment_mode=PaymentMode.INSTALMENTS,
        valid_to=date(2026, 12, 31),
        registration_number="示例20250722000001",
    )  # fmt: skip
    project.starts_on, project.ends_on, project.trl_now = date(2025, 8, 1), date(2026, 12, 31), 8
    story.move(project, ProjectState.ACTIVE, moment(date(2025, 8, 1)), Role.BROKER, "首付款到账，项目启动")
    _book(story, project, contract, (
        Line(COMMITTED, ENTERPRISE, "900万", date(2025, 7, 22), "技术开发合同第五条：企业自筹 900 万元"),
        Line(COMMITTED, FISCAL, "300万", date(2025, 7, 22), "科技计划项目任务书：财政资金 300 万元"),
        Line(RECEIVED, ENTERPRISE, "400万", date(2025, 8, 5), "银行回单：首付款"),
        Line(RECEIVED, FISCAL, "150万", date(2025, 9, 18), "财政拨款通知与到账回单：首期"),
        Line(SPENT, ENTERPRISE, "126.5万", date(2025, 9, 29), "发票 7 张：隔膜组件与控制器采购"),
        Line(SPENT, FISCAL, "85万", date(2025, 10, 15), "发票 3 张：试验外协", "金额录入有误，见冲销"),
        Line(SPENT, FISCAL, "85万", date(2025, 10, 17), "冲销 10 月 15 日支出：发票实为 58 万元", takes_back=5),
        Line(SPENT, FISCAL, "58万", date(2025, 10, 17), "发票 3 张：试验外协（更正）"),
        Line(RECEIVED, ENTERPRISE, "300万", date(2026, 1, 20), "银行回单：第二期款"),
        Line(SPENT, ENTERPRISE, "210万", date(2026, 3, 12), "发票 11 张：首台机组改造材料与安装"),
    ))  # fmt: skip


def _brine(story: Story, meeting: Meeting) -> None:
    _open(
        story,
        date(2025, 6, 27),
        {PartyRole.DEMAND: "coal", PartyRole.TECHNOLOGY: "chemistry", PartyRole.ORGANIZING: "broker"},
        title="示例：煤化工高盐废水分质结晶工艺包验证",
        summary="先以现场浓盐水开展 3 个月小试，确认杂盐率和盐品质后商定工艺包转让与工程方案。",
        meeting_id=meeting.id,
        region_code="150622",
        point_id=story.categories["point:3"],
        trl_start=8,
    )


def _forage(story: Story, meeting: Meeting) -> None:
    project = _open(
        story,
        date(2025, 6, 20),
        {
            PartyRole.DEMAND: "farm",
            PartyRole.TECHNOLOGY: "grassland",
            PartyRole.ORGANIZING: "bureau",
        },
        title="示例：盐碱化退化草地 2000 亩饲草建植示范",
        summary="引进耐盐碱苜蓿品种组合，采用垄沟覆膜集雨和浅埋滴灌淋盐，建植示范草地 2000 亩并培训牧户。",
        meeting_id=meeting.id,
        region_code="150626",
        mode=ConversionMode.LICENSE,
        trl_start=9,
    )
    licence = _sign(
        story, project, date(2025, 6, 30), "farm", "grassland",
        title="示例：耐盐碱饲草品种实施许可合同",
        kind=ContractKind.LICENSE,
        amount_fen=parse_yuan("60万"),
        technology_amount_fen=parse_yuan("60万"),
        payment_mode=PaymentMode.ONCE,
        valid_to=date(2030, 6, 29),
        registration_number="示例20250630000002",
    )  # fmt: skip
    service = _sign(
        story, project, date(2025, 6, 30), "farm", "grassland",
        title="示例：盐碱地饲草建植技术服务合同",
        kind=ContractKind.SERVICE,
        amount_fen=parse_yuan("180万"),
        technology_amount_fen=parse_yuan("95万"),
        payment_mode=PaymentMode.INSTALMENTS,
        valid_to=date(2025, 12, 31),
        registration_number="示例20250630000003",
    )  # fmt: skip
    project.starts_on, project.ends_on, project.trl_now = date(2025, 7, 1), date(2025, 12, 31), 9
    story.move(project, ProjectState.ACTIVE, moment(date(2025, 7, 1)), Role.BROKER, "品种和农资到位，开始整地")
    _book(story, project, licence, (
        Line(COMMITTED, ENTERPRISE, "60万", date(2025, 6, 30), "品种实施许可合同第三条"),
        Line(RECEIVED, ENTERPRISE, "60万", date(2025, 7, 3), "银行回单：许可费一次付清"),
    ))  # fmt: skip
    _book(story, project, service, (
        Line(COMMITTED, ENTERPRISE, "130万", date(2025, 6, 30), "技术服务合同第四条：企业自筹 130 万元"),
        Line(COMMITTED, FINANCIAL, "50万", date(2025, 6, 30), "农牧业贷款合同：50 万元"),
        Line(RECEIVED, FINANCIAL, "50万", date(2025, 7, 8), "贷款发放回单"),
        Line(RECEIVED, ENTERPRISE, "130万", date(2025, 7, 15), "银行回单：服务费"),
        Line(SPENT, FINANCIAL, "50万", date(2025, 7, 28), "发票 4 张：种子、覆膜与滴灌带"),
        Line(SPENT, ENTERPRISE, "118.4万", date(2025, 10, 20), "发票 9 张：建植、测产与培训"),
    ))  # fmt: skip
    project.accepted_on = date(2025, 10, 28)
    project.acceptance_note = (
        "专家组现场测产：出苗率 79%，干草亩产 476 kg，粗蛋白 16.7%，亩均灌溉用水下降 23%，"
        "示范面积 2060 亩，各项指标达到合同要求，同意验收。"
    )
    story.move(project, ProjectState.ACCEPTED, moment(date(2025, 10, 28), 17), Role.ORGANIZER, "专家组验收通过")
    story.ctx.flush()


def _consulting(story: Story) -> None:
    project = _open(
        story,
        date(2025, 3, 12),
        {PartyRole.DEMAND: "coal", PartyRole.TECHNOLOGY: "energy"},
        title="示例：煤化工园区用户侧储能可行性咨询",
        summary="分析园区负荷与电价，提出用户侧储能容量、安全间距和投资回收方案。",
        direct_reason="双方在系统启用前已自行对接并签约，由组织方核对合同后补录。",
        region_code="150622",
        point_id=story.categories["point:2"],
        mode=ConversionMode.OTHER,
    )
    contract = _sign(
        story, project, date(2025, 3, 28), "coal", "energy",
        title="示例：用户侧储能可行性技术咨询合同",
        kind=ContractKind.CONSULTING,
        amount_fen=parse_yuan("36万"),
        technology_amount_fen=parse_yuan("36万"),
        payment_mode=PaymentMode.INSTALMENTS,
        valid_to=date(2026, 3, 27),
    )  # fmt: skip
    _book(story, project, contract, (
        Line(COMMITTED, ENTERPRISE, "36万", date(2025, 3, 28), "技术咨询合同第三条"),
        Line(RECEIVED, ENTERPRISE, "18万", date(2025, 4, 15), "银行回单：首付 50%"),
    ))  # fmt: skip


def _open(story: Story, on: date, parties: dict[PartyRole, str], **columns: Any) -> Project:
    project = story.add(Project(opened_on=on, **columns), moment(on, 14), Role.BROKER)
    for role, house in parties.items():
        party = ProjectParty(project_id=project.id, organization_id=story.organizations[house].id, role=role)
        story.add(party, moment(on, 14))
    return project


def _sign(story: Story, project: Project, on: date, buyer: str, seller: str, **columns: Any) -> Contract:
    contract = Contract(
        project_id=project.id,
        buyer_id=story.organizations[buyer].id,
        seller_id=story.organizations[seller].id,
        signed_on=on,
        valid_from=on,
        **columns,
    )
    story.add(contract, moment(on, 15))
    if project.state is ProjectState.INTENT:
        project.contracted_on = on
        story.move(project, ProjectState.CONTRACTED, moment(on, 15), Role.BROKER, "合同已签订并登记")
        story.ctx.flush()
    return contract


def _book(story: Story, project: Project, contract: Contract, lines: tuple[Line, ...]) -> None:
    """Enter the lines that have happened by today."""
    entered: list[InvestmentEntry] = []
    for line in lines:
        if line.on > story.ctx.today:
            continue
        amount = parse_yuan(line.amount)
        entry = InvestmentEntry(
            project_id=project.id,
            contract_id=contract.id,
            kind=line.kind,
            source=line.source,
            amount_fen=amount if line.takes_back is None else -amount,
            occurred_on=line.on,
            evidence=line.evidence,
            note=line.note,
            reverses_id=None if line.takes_back is None else entered[line.takes_back].id,
            entered_by_id=story.accounts[Role.BROKER].id,
            entered_by_name=story.accounts[Role.BROKER].name,
            created_at=moment(line.on, 17),
        )
        entered.append(story.add(entry, entry.created_at))
