"""The 示例 technical needs, as enterprises would write them."""

from __future__ import annotations

from datetime import date

from models import Confidentiality, Need
from models.money import parse_yuan
from service.kinds import CooperationMode as Mode
from service.seeding.demo.told import Told


def needs() -> tuple[Told, ...]:
    """Every need with its owner, categories and how far it came."""
    return (
        Told(
            "electrolyser",
            "hydrogen",
            Need(
                title="示例：宽功率波动工况下碱性电解水制氢机组稳定运行技术",
                problem="公司为风光制氢一体化项目供应 1000 Nm³/h 碱性电解水制氢机组。"
                "风光出力日内在额定功率的 15%–110% 之间波动，"
                "机组低于 30% 负荷时氧中氢浓度升到 1.8% 以上，接近 2% 的联锁值，只能停机。"
                "频繁启停使隔膜和电极寿命明显下降，"
                "全年有效运行时间不足 3200 小时。",
                present_state="已有 1000 Nm³/h 机组 6 台，采用复合隔膜和镍基电极，直流电耗 4.6 kWh/Nm³。"
                "试过降低碱液循环量和分组轮换运行，"
                "低负荷下限只能做到 30%，负荷调节速率约 1%/s，跟不上风光波动。",
                target_indicators="稳定运行功率范围 20%–110%；直流电耗 ≤4.3 kWh/Nm³；20% 负荷时氧中氢 ≤1.5%；"
                "负荷调节速率 ≥5%/s；"
                "纯化后氢气纯度 ≥99.999%；连续考核运行 ≥2000 小时。",
                budget_fen=parse_yuan("1200万"),
                deadline=date(2026, 12, 31),
                cooperation_modes=[Mode.JOINT, Mode.ENTRUSTED],
                is_bottleneck=True,
                region_code="150627",
                keywords=["电解水制氢", "宽功率波动", "碱性电解槽", "制氢机组"],
            ),
            ("point:1", "industry8:1", "area:A01", "hightech:60202"),
            drafted=date(2025, 3, 10),
            published=date(2025, 3, 14),
            engaged=date(2025, 6, 25),
        ),
        Told(
            "brine",
            "coal",
            Need(
                title="示例：煤化工高盐废水分质结晶与杂盐减量技术",
                problem="煤制烯烃装置的废水近零排放系统每年产生结晶杂盐约 1.8 万吨，按危险废物处置，"
                "单价约 2800 元/吨，年处置费超过 5000 万元。"
                "结晶盐中有机物和硝酸盐偏高，氯化钠、硫酸钠品质不稳定，不能作为工业盐外销。",
                present_state="已建“预处理+膜浓缩+蒸发结晶”系统，处理量 300 m³/h，浓盐水含盐量约 60 g/L，"
                "COD 约 350 mg/L，盐回收率 65%。"
                "试过臭氧催化氧化，COD 去除率约 40%，运行成本高。",
                target_indicators="杂盐率 ≤10%；盐总回收率 ≥90%；氯化钠纯度 ≥98.5%，硫酸钠纯度 ≥98%；"
                "母液 COD 去除率 ≥70%；"
                "吨水综合运行成本 ≤28 元。",
                budget_fen=parse_yuan("800万"),
                deadline=date(2026, 10, 31),
                cooperation_modes=[Mode.JOINT, Mode.TRANSFER],
                region_code="150622",
                keywords=["高盐废水", "分质结晶", "杂盐减量", "煤化工废水"],
            ),
            ("point:3", "industry8:5", "area:A10", "hightech:70102", "gb4754:462"),
            drafted=date(2025, 3, 17),
            published=date(2025, 3, 20),
            engaged=date(2025, 6, 27),
        ),
        Told(
            "forage",
            "farm",
            Need(
                title="示例：盐碱化退化草地耐盐碱饲草建植与节水栽培技术",
                problem="公司与合作社共有盐碱化退化草地 1.2 万亩，0–20 cm 土壤 pH 8.9–9.4、全盐 0.4%–0.7%，"
                "紫花苜蓿出苗率不足 45%，"
                "亩产干草约 260 kg，冬春饲草缺口每年近 3000 吨。",
                present_state="已铺设浅埋滴灌 3000 亩，试种过 4 个苜蓿品种和 2 个燕麦品种；施用脱硫石膏一年，"
                "出苗率提高不到 10 个百分点，"
                "第二年返盐。",
                target_indicators="出苗率 ≥75%；干草亩产 ≥450 kg；粗蛋白 ≥16%；亩均灌溉用水下降 ≥20%；"
                "示范面积 ≥2000 亩。",
                budget_fen=parse_yuan("260万"),
                deadline=date(2025, 11, 30),
                cooperation_modes=[Mode.SERVICE, Mode.LICENSE],
                region_code="150626",
                keywords=["盐碱地改良", "耐盐碱饲草", "苜蓿", "节水栽培"],
            ),
            ("industry8:7", "area:A07", "hightech:20701", "gb4754:018"),
            drafted=date(2025, 3, 3),
            published=date(2025, 3, 6),
            engaged=date(2025, 6, 20),
            won=date(2025, 10, 30),
            won_reason="项目验收，出苗率和亩产达到目标指标",
        ),
        Told(
            "storage",
            "hydrogen",
            Need(
                title="示例：园区磷酸铁锂储能电站热失控早期预警技术",
                masked_name="某新能源装备企业",
                confidentiality=Confidentiality.COUNTERPARTS,
                problem="园区 20 MW/40 MWh 磷酸铁锂储能电站投运两年，电池管理系统只按电压、温度阈值报警，"
                "从首次报警到起火不足 2 分钟，"
                "来不及切断和疏散；误报每月约 15 次，值班人员逐渐不再响应。",
                present_state="储能电站 12 个电池舱，每舱装有感烟、感温探测器和氢气浓度探头，数据分散在 3 套系统中，"
                "采样间隔 10 秒。"
                "试过降低温度阈值，误报成倍增加。",
                target_indicators="热失控提前预警时间 ≥30 min；预警准确率 ≥95%；误报 ≤1 次/月；单舱改造成本 ≤8 万元；"
                "改造期间电站不停运。",
                budget_fen=parse_yuan("320万"),
                deadline=date(2026, 9, 30),
                cooperation_modes=[Mode.ENTRUSTED, Mode.SERVICE],
                region_code="150627",
                keywords=["储能电站", "热失控", "早期预警", "磷酸铁锂电池"],
            ),
            ("point:2", "industry8:1", "area:A01", "hightech:60302"),
            drafted=date(2025, 4, 7),
            published=date(2025, 4, 11),
        ),
        Told(
            "methanol",
            "coal",
            Need(
                title="示例：绿氢与煤制甲醇装置耦合的负荷协同控制技术",
                problem="公司计划用 5000 Nm³/h 绿氢替代部分变换制氢。绿氢供应随风光波动，"
                "甲醇合成回路要求氢碳比稳定在 2.05–2.15，"
                "两者动态不匹配；按现有控制方案，绿氢掺入比例超过 5% 时合成塔温度波动大，只能放空。",
                present_state="甲醇装置负荷调节范围 80%–105%，调节速率 0.5%/min，配有 2 万 Nm³ 储氢球罐。"
                "集散控制系统已开放接口，"
                "有两年分钟级运行数据。",
                target_indicators="绿氢掺入比例 ≥15%；甲醇装置负荷调节范围 60%–110%；调节速率 ≥2%/min；"
                "氢碳比波动 ≤±0.03；"
                "单位甲醇碳排放下降 ≥12%。",
                budget_fen=parse_yuan("600万"),
                deadline=date(2027, 6, 30),
                cooperation_modes=[Mode.JOINT],
                is_bottleneck=True,
                region_code="150622",
                keywords=["绿氢", "煤制甲醇", "柔性控制", "负荷协同"],
            ),
            ("point:3", "industry8:2", "area:A10", "gb4754:261"),
            drafted=date(2025, 4, 14),
            published=date(2025, 4, 18),
        ),
        Told(
            "cattle",
            "farm",
            Need(
                title="示例：肉牛无接触称重与发情行为监测技术",
                problem="存栏肉牛 4200 头，称重靠人工赶牛过磅，每次应激掉重 2–3 kg，一年只称两次；发情靠人工观察，"
                "漏检率约 30%，"
                "平均每头母牛多空怀 40 天。",
                present_state="已建标准化牛舍 14 栋，饮水通道装有普通摄像头，网络已覆盖。试用过耳标计步器，"
                "电池一年一换，掉标率 12%。",
                target_indicators="体重估测误差 ≤5%；发情检出率 ≥90%，误报率 ≤10%；单栋改造成本 ≤3 万元；"
                "−25 ℃ 可连续工作。",
                budget_fen=parse_yuan("150万"),
                deadline=date(2027, 3, 31),
                cooperation_modes=[Mode.ENTRUSTED, Mode.SERVICE],
                region_code="150626",
                keywords=["肉牛", "无接触称重", "发情监测", "机器视觉"],
            ),
            ("industry8:8", "area:A08", "hightech:20704", "gb4754:053"),
            drafted_ago=5,
            submitted_ago=3,
        ),
        Told(
            "slag",
            "coal",
            Need(
                title="示例：气化细渣脱碳与资源化利用技术",
                problem="气流床气化每年产生细渣约 22 万吨，含水率高、残碳高，既不能直接掺烧，也不能作建材，"
                "目前全部填埋，"
                "堆场剩余库容不足 3 年。",
                present_state="委托第三方压滤后填埋，吨处置费约 70 元。",
                target_indicators="尽量降低含碳量，做到可以利用。",
                budget_fen=parse_yuan("400万"),
                deadline=date(2027, 12, 31),
                cooperation_modes=[Mode.JOINT, Mode.PLATFORM],
                region_code="150622",
                keywords=["气化细渣", "脱碳", "固废利用"],
            ),
            ("point:3", "industry8:5", "area:A05", "hightech:70302"),
            drafted_ago=9,
            submitted_ago=7,
            returned_ago=6,
            remark="目标指标请写成可检验的数字：现在含碳量多少、希望降到多少、年处理量多少；"
            "预算请说明是否含设备购置。改好后可直接再次提交。",
        ),
    )
