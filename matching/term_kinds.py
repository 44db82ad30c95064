"""What a shared term names: a thing, a method, an action on things, a quality of them, or too broad a notion."""

from __future__ import annotations

from typing import Literal

from matching.terms import is_scale

TermKind = Literal["thing", "method", "action", "quality", "broad"]

_THING_TEXT = """
机组 系统 装置 设备 装备 材料 电站 电池 平台 器 机 槽 剂 膜 厂 场 站 区
"""
_THINGS = tuple(_THING_TEXT.split())
"""What names a thing whatever stands before it: 制氢机组, 控制系统."""
_METHODS = ("法", "工艺", "路线")

_ACTION_TEXT = """
制备 制取 制氢 制气 制油 制烯烃 制芳烃 提取 分离 提纯 纯化 回收 利用 再生 回用 处理 处置 治理 修复 改良 恢复 重建 防治
防控 控制 调控 监测 检测 诊断 预警 识别 预测 巡检 评价 勘探 开采 采掘 支护 气化 液化 合成 转化 裂解 重整 加氢 芳构化
甲烷化 脱硫 脱硝 脱氮 除磷 除尘 改质 燃烧 助燃 掺氢 储能 储热 储氢 发电 并网 供热 供能 消纳 捕集 封存 萃取 结晶 分盐
蒸发 过滤 干燥 分选 减量 减排 降碳 脱碳 节水 节能 繁育 育种 选育 扩繁 育肥 饲养 养殖 栽培 种植 栽植 套种 抚育 灌溉
滴灌 施肥 培肥 固沙 造林 绿化 复垦 复土 建植 熔铸 成型 封装 加工 焊接 耦合 协同 调度 溯源 遥感 通信 测试 仿真 模拟
建模 优化 设计 管理 运维 无汞化 资源化 无害化 数字化 智能化 自动化 一体化
"""
_ACTIONS = tuple(_ACTION_TEXT.split())
_QUALITY_TEXT = """
纯度 效率 寿命 精度 强度 密度 速率 能耗 电耗 水耗 单耗 成本 容量 浓度 含量 波动 运行 工况 时间 范围 功率 压力 温度
周期 产量 品质 比例 稳定 提前量
"""
_QUALITIES = tuple(_QUALITY_TEXT.split())
_QUALITY_SIGNS = ("性", "率", "度", "比", "量")
"""Endings of qualities of three characters and more: 选择性, 回收率."""
_BROAD_TEXT = """
柔性 特性 共性 化工 化学品 能源 新能源 清洁能源 可再生能源 工业 农业 林业 煤炭 矿区 矿山 生态 环境 环保 资源 材料
新材料 品种 作物 农作物 植物 植被 土壤 土地 废水 园区 电力 电网 电池 系统 机组 机械 设施 设备 装备 工艺 工厂 模块 软件
数据 信息 网络 智能 绿色 低碳 零碳 碳中和 双碳 节能 节水 安全 高端 高纯 重大 综合 规模 规模化 大规模 复合 功能 结构
过程 方式 条件 状态 水平 阶段 行业 企业 社会 经济 城市 农村 团队 人员 用户 客户 单位 平均 运行 稳定 稳定运行 连续运行
提取 分离 提纯 处理 处置 回收 利用 综合利用 回收利用 资源化 无害化 治理 综合治理 修复 控制 监测 检测 测试 管理 设计
优化 改造 加工 深加工 合成 转化 协同 耦合 一体化 数字化 智能化 自动化 信息化 产业链 高附加值 试点 温度 压力 时间 范围
成本 功率 含量 浓度 原料 产物 副产 副产物 反应 条件下 现场 在线 实时 快速 长期 自主 国产 国产化 关键设备 关键部件
核心部件 投资 收益 效益 经济效益 社会效益
"""
_BROAD = frozenset(_BROAD_TEXT.split())


def kind_of(term: str) -> TermKind:
    """The kind of a folded term, by its last word; a term that is none of the others names a thing.

    Broad are notions that hundreds of postings share whatever their subject, and words of scale (百千瓦级).
    """
    if term in _BROAD or is_scale(term):
        return "broad"
    if term.endswith(_THINGS):
        return "thing"
    if term.endswith(_METHODS):
        return "method"
    if term.endswith(_ACTIONS):
        return "action"
    if term.endswith(_QUALITIES) or (len(term) > 2 and term.endswith(_QUALITY_SIGNS)):
        return "quality"
    return "action" if is_making(term) else "thing"


def is_making(term: str) -> bool:
    """Whether a term says how something is made (合成气制芳烃), so that its object is named already."""
    return "制" in term[1:-1] and not term.endswith(_THINGS)
