"""Numbers with units: read from real wordings, with the right bounds, label and place; and compared."""

from __future__ import annotations

import pytest

from matching.indicators import Quantity, Verdict, compare, quantities
from matching.profile import Profile

Bound = float | None


def only(text: str) -> Quantity:
    found = quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "label", "lower", "upper", "unit"),
    [
        ("氢气纯度≥99.5 %", "氢气纯度", 99.5, None, "%"),
        ("氢气纯度 ≧ ９９.５％", "氢气纯度", 99.5, None, "%"),
        ("氫氣純度不低於99.5%", "氢气纯度", 99.5, None, "%"),
        ("纯度达到百分之九十九点五", "纯度", 99.5, 99.5, "%"),
        ("直流电耗低至4.3kWh/ Nm³", "直流电耗", None, 4.3, "kWh/Nm³"),
        ("吨产品能耗降到120千克标准煤/吨以下", "能耗", None, 120, "kgce/t"),
        ("循环寿命≥1×10⁵次", "循环寿命", 1e5, None, "次循环"),
        ("循环寿命超过10^4次", "循环寿命", 1e4, None, "次循环"),
        ("循环寿命达1.5万次", "循环寿命", 15000, 15000, "次循环"),
        ("使用寿命不少于三千小时", "使用寿命", 3000, None, "h"),
        ("使用寿命10年以上", "使用寿命", 10, None, "年"),
        ("保质期不少于18个月", "保质期", 1.5, None, "年"),
        ("连续运行1,200 h", "连续运行", 1200, 1200, "h"),
        ("反应温度80—90℃", "反应温度", 80, 90, "℃"),
        ("工作温度-40°C到60°C", "工作温度", -40, 60, "℃"),
        ("环境温度零下30度", "环境温度", -30, -30, "℃"),
        ("焙烧温度850±20℃", "焙烧温度", 830, 870, "℃"),
        ("系统压力不超过 3.5MPa", "压力", None, 3.5, "MPa"),
        ("系统压力不超过35公斤", "", None, None, ""),
        ("回收率5~10个百分点", "回收率", 5, 10, "%"),
        ("转化率由85%提高到92%", "转化率", 92, None, "%"),
        ("能耗从5.0kWh/Nm3降至4.3kWh/Nm³", "能耗", None, 4.3, "kWh/Nm³"),
        ("生产成本降低50%以上", "生产成本降低", 50, None, "%"),
        ("提高回收率三成", "回收率提高", 30, 30, "%"),
        ("年产10万吨甲醇", "年产", 1e5, 1e5, "t/年"),
        ("现代煤化工产能达到 2500 万吨", "现代煤化工产能", 2.5e7, 2.5e7, "t/年"),
        ("日处理能力500 t", "日处理能力", 500 / 24, 500 / 24, "t/h"),
        ("排放浓度＜10 mg/m³", "排放浓度", None, 0.01, "mg/L"),
        ("硫含量≤300ppm", "硫含量", None, 0.03, "%"),
        ("淬硬层深度5-8mm", "淬硬层深度", 5, 8, "mm"),
        ("硬度HRC55-65", "硬度", 55, 65, "HRC"),
        ("出水pH值6~9", "酸碱度", 6, 9, "pH"),
        ("定位误差±0.5mm", "定位误差", None, 0.5, "mm"),
        ("误差为千分之三", "误差", 0.3, 0.3, "%"),
        ("噪声低于85dB(A)", "噪声", None, 85, "dB"),
        ("温度(℃)：80", "温度", 80, 80, "℃"),
        ("流速为每秒1mm左右", "流速", 0.001, 0.001, "m/s"),
        ("能量密度 300Wh/kg", "能量密度", 0.3, 0.3, "kWh/kg"),
        ("发电成本0.35元/度", "发电成本", 0.35, 0.35, "元/kWh"),
        ("堆积密度≥1.80克/立方厘米", "堆积密度", 1.8e6, None, "mg/L"),
        ("500t/d处理能力", "处理能力", 500 / 24, 500 / 24, "t/h"),
    ],
)
def test_a_wording_is_read_as_people_mean_it(text: str, label: str, lower: Bound, upper: Bound, unit: str) -> None:
    if not label:
        assert not [one for one in quantities(text) if one.concept]
        return

    quantity = only(text)

    assert (quantity.label, quantity.lower, quantity.upper, quantity.unit) == (
        label,
        lower if lower is None else pytest.approx(lower, rel=1e-12),
        upper if upper is None else pytest.approx(upper, rel=1e-12),
        unit,
    )


@pytest.mark.parametrize(
    "text",
    [
        "2016年获得认证，2018年10月23日列入名单",
        "执行GB/T 4754-2017和ISO 9001",
        "材料42CrMo，型号GJB150A，812高镍三元",
        "公司拟投入1000万元，年销售收入3.2亿元",
        "1、设计系统 2.需要检测技术（3）提供方案",
        "5G技术和3D打印，工业4.0时代",
        "公司有研发人员18人、专利20余项、产品15个",
        "拥有30多年的生产历史和6年的研发经验",
        "近三年推广三次，第5年验收",
        "采用千米定向钻机、百千瓦级电堆",
        "28日龄出栏，4周龄称重",
        "",
        "……",
    ],
)
def test_what_is_no_measure_is_left_alone(text: str) -> None:
    assert quantities(text) == ()


def test_offsets_point_into_the_original_text() -> None:
    text = "①　氫氣純度 ≧ ９９.９％；㎡级电解槽，能耗 ≤４.３ kWh／Nm³。"

    found = quantities(text)

    assert (
        [text[one.start : one.end] for one in found]
        == ["≧ ９９.９％", "≤４.３ kWh／Nm³"]
        == [one.text for one in found]
    )


def test_numbers_listed_together_belong_to_the_labels_in_their_order() -> None:
    found = quantities("使产品纯度和回收率分别达到99%和95%，温度、压力分别为80℃和3MPa")

    assert [(one.label, one.lower) for one in found] == [("纯度", 99), ("回收率", 95), ("温度", 80), ("压力", 3)]


def test_a_number_that_tells_how_things_are_is_no_target() -> None:
    found = quantities("目前硫含量在1000ppm以上，要求降到300ppm以下。传统工艺能耗4.8kWh/Nm³。")

    assert [(one.target, one.baseline) for one in found] == [(False, True), (True, False), (False, True)]


NEED = Profile("n", body="氢气纯度≥99.5 %", asks=True)


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        ("氢气纯度≥99.5 %", "氢气纯度99.9 %", "satisfied"),
        ("氢气纯度≥99.5 %", "产品纯度 99.9％", "satisfied"),
        ("氢气纯度≥99.5 %", "氢气纯度98%", "violated"),
        ("氢气纯度≥99.5 %", "氢气纯度≥98%", "unknown"),
        ("氢气纯度≥99.5 %", "氧气纯度99.9%", "unknown"),
        ("氢气纯度≥99.5 %", "氢气回收率99.9%", "unknown"),
        ("氢气纯度≥99.5 %", "目前氢气纯度98%", "unknown"),
        ("氢气纯度≥99.5 %", "氢气纯度高", "unknown"),
        ("反应温度不低于80℃", "焙烧温度850℃", "unknown"),
        ("温度不低于80℃", "焙烧温度850℃", "unknown"),
        ("直径大于5米", "长度8米", "unknown"),
        ("纯度达到99%", "纯度99.5%", "satisfied"),
        ("要求单耗4.3kWh/Nm³", "电耗4.2kWh/Nm³", "satisfied"),
        ("要求单耗4.3kWh/Nm³", "电耗4.5kWh/Nm³", "violated"),
        ("单耗≤4.3kWh/Nm³", "能耗5.0kWh/m³", "unknown"),
        ("使用寿命≥2年", "使用寿命30个月", "satisfied"),
        ("成本降低30%以上", "生产成本降低20%", "violated"),
        ("成本降低30%以上", "成本30%", "unknown"),
        ("要求回收率85%-90%", "回收率92%", "satisfied"),
        ("要求粒径5-10μm", "粒径6~8μm", "satisfied"),
        ("要求粒径5-10μm", "粒径20μm", "violated"),
        ("要求粒径5-10μm", "粒径8-20μm", "unknown"),
        ("工作温度要求-20~50℃", "工作温度-40~60℃", "satisfied"),
        ("工作温度要求-40~60℃", "工作温度-20~50℃", "violated"),
        ("定位误差≤1mm", "定位误差±0.5mm", "satisfied"),
        ("处理能力要求达到500t/d", "处理能力25t/h", "satisfied"),
    ],
)
def test_a_target_is_judged_against_what_is_offered(wanted: str, given: str, expected: Verdict) -> None:
    fits = compare(Profile("n", body=wanted, asks=True), Profile("o", body=given, asks=False))

    assert [fit.verdict for fit in fits] == [expected]


def test_the_closest_label_answers_then_the_most_favourable_number() -> None:
    need = Profile("n", body="氢气纯度≥99.5%；使用寿命≥5000小时")
    offer = Profile("o", body="纯度99.9%，氢气纯度99.2%。一代使用寿命4000小时，二代使用寿命6000小时")

    purity, life = compare(need, offer)

    assert (purity.verdict, purity.offer and purity.offer.label) == ("violated", "氢气纯度")
    assert (life.verdict, life.offer and life.offer.lower) == ("satisfied", 6000)


def test_targets_keep_the_order_of_the_text_and_unanswered_ones_stay() -> None:
    fits = compare(Profile("n", body="能耗≤4.3kWh/Nm³；纯度≥99.5%"), Profile("o", body="纯度99.9%"))

    assert [(fit.need.concept, fit.verdict, fit.offer is None) for fit in fits] == [
        ("能耗", "unknown", True),
        ("纯度", "satisfied", False),
    ]


def test_numbers_of_the_present_are_no_targets_where_targets_stand_apart() -> None:
    need = Profile(
        "N",
        body="盐回收率 65 %，单价 2800 元/吨。\n盐回收率 95 %，吨水电耗不高于 12 kWh/t",
        targets="盐回收率 95 %，吨水电耗不高于 12 kWh/t",
        asks=True,
    )
    offer = Profile("A", body="盐回收率达到 96 %，运行成本 1500 元/吨。", asks=False)

    assert [(fit.need.text, fit.verdict) for fit in compare(need, offer)] == [
        ("95 %", "satisfied"),
        ("不高于 12 kWh/t", "unknown"),
    ]
