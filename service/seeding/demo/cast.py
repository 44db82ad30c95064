"""Who appears in the 示例 set: organizations, one account for each role, scientists."""

from __future__ import annotations

import secrets
from datetime import date

from models import Account, Organization, OrganizationKind, Role, Scientist
from service.security import hash_password
from service.seeding.demo.story import Story, moment

FIRST_DAY = date(2025, 2, 10)

_ORGANIZATIONS = (
    ("hydrogen", OrganizationKind.ENTERPRISE, "示例·北疆氢能装备有限公司", "150627",
     "碱性电解水制氢成套装备制造企业，年产能 60 套，产品用于风光制氢一体化项目。"),
    ("coal", OrganizationKind.ENTERPRISE, "示例·河畔煤化工有限公司", "150622",
     "年产 60 万吨煤制烯烃、100 万吨煤制甲醇，废水近零排放系统已运行 6 年。"),
    ("farm", OrganizationKind.ENTERPRISE, "示例·草原绿牧农牧业有限公司", "150626",
     "种养结合企业，经营草地 1.2 万亩，存栏西门塔尔肉牛 4200 头，带动牧户 310 户。"),
    ("energy", OrganizationKind.INSTITUTE, "示例·北方能源技术研究院", "150603",
     "从事制氢装备、电化学储能安全与新型电力系统研究，有兆瓦级制氢试验平台。"),
    ("chemistry", OrganizationKind.INSTITUTE, "示例·西部化工大学", "150602",
     "煤化工水处理与绿氢化工两个团队，建有高盐废水中试装置。"),
    ("grassland", OrganizationKind.INSTITUTE, "示例·草原农牧科学研究所", "150600",
     "从事牧草育种、盐碱地改良与智慧养殖研究，有试验站 3 处。"),
    ("broker", OrganizationKind.BROKERAGE, "示例·握手技术转移中心", "150603",
     "提供需求挖掘、成果评价、合同登记代办与项目跟踪服务。"),
    ("bureau", OrganizationKind.AGENCY, "示例·科学技术局", "150600",
     "示例主管部门，组织握手活动、审核发布内容并登记项目与资金。"),
)  # fmt: skip

_ACCOUNTS = (
    (Role.ENTERPRISE, "demo-enterprise@example.invalid", "示例·企业用户", "hydrogen", None),
    (Role.INSTITUTE, "demo-institute@example.invalid", "示例·院所用户", "energy", None),
    (Role.BROKER, "demo-broker@example.invalid", "示例·技术经纪人", "broker", None),
    (Role.ORGANIZER, "demo-organizer@example.invalid", "示例·组织方", "bureau", "150600"),
    (Role.LEADER, "demo-leader@example.invalid", "示例·领导", "bureau", None),
    (Role.ADMIN, "demo-admin@example.invalid", "示例·系统管理员", "bureau", None),
    (Role.SECURITY, "demo-security@example.invalid", "示例·安全管理员", "bureau", None),
    (Role.AUDITOR, "demo-auditor@example.invalid", "示例·审计员", "bureau", None),
)

_SCIENTISTS = (
    ("electrolysis", "energy", "示例·甲研究员", "制氢装备研究室主任", ["电解水制氢", "制氢机组控制"]),
    ("storage", "energy", "示例·乙高级工程师", "储能安全研究室", ["储能安全", "热失控预警"]),
    ("water", "chemistry", "示例·丙教授", "水处理团队负责人", ["高盐废水", "分质结晶"]),
    ("methanol", "chemistry", "示例·丁副教授", "绿氢化工团队", ["绿氢化工", "过程控制"]),
    ("forage", "grassland", "示例·戊研究员", "牧草与盐碱地改良研究室主任", ["耐盐碱牧草", "盐碱地改良"]),
    ("cattle", "grassland", "示例·己助理研究员", "智慧养殖研究室", ["机器视觉", "肉牛养殖"]),
)


def gather_cast(story: Story) -> None:
    """Write organizations, accounts and scientists. Nobody knows the accounts' password: they open by the demo door."""
    founded = moment(FIRST_DAY, 9)
    for name, kind, title, region, profile in _ORGANIZATIONS:
        organization = Organization(name=title, kind=kind, region_code=region, aliases=[], profile=profile)
        story.organizations[name] = story.add(organization, founded)
    nobody_knows = hash_password(secrets.token_urlsafe(32))
    for role, email, person, house, region_code in _ACCOUNTS:
        account = Account(
            email=email,
            name=person,
            role=role,
            organization_id=story.organizations[house].id,
            region_code=region_code,
            password_hash=nobody_knows,
        )
        story.accounts[role] = story.add(account, founded)
    for name, house, person, position, fields in _SCIENTISTS:
        scientist = Scientist(
            organization_id=story.organizations[house].id, name=person, position=position, fields=fields
        )
        story.scientists[name] = story.add(scientist, founded)
