"""The 示例 achievements, as institutes would write them."""

from __future__ import annotations

from datetime import date

from models import Achievement
from models import ConversionMode as Mode
from models.money import parse_yuan
from service.seeding.demo.told import Told


def achievements() -> tuple[Told, ...]:
    """Every achievement with its owner, categories and how far it came."""
    return (
        Told(
            "electrolyser",
            "energy",
            Achievement(
                title="示例：兆瓦级碱性电解水制氢机组宽功率自适应控制技术",
                abstract="针对风光制氢功率波动大、低负荷氧中氢超限的问题，提出压力、"
                "碱液循环量与槽温联合调节的宽功率自适应控制方法，"
                "配套低渗透复合隔膜和分区供液流道，使碱性电解槽在 18%–110% 负荷下稳定运行。",
                advantages="20% 负荷时氧中氢 1.2%；直流电耗 4.25 kWh/Nm³；负荷调节速率 6%/s；"
                "控制器可直接加装在现有制氢机组上，改造工期约 10 天。",
                application="在 200 Nm³/h 和 500 Nm³/h 两台试验机组上累计运行 2600 小时，完成 120 次快速启停试验。",
                trl=7,
                ip_summary="发明专利 6 件（授权 4 件）、软件著作权 3 项；示例内容，不列专利号。",
                conversion_modes=[Mode.JOINT, Mode.LICENSE],
                price_fen=parse_yuan("600万"),
                price_negotiable=True,
                region_code="150603",
                keywords=["电解水制氢", "宽功率波动", "碱性电解槽", "自适应控制"],
            ),
            ("point:1", "industry8:1", "area:A01", "hightech:60202"),
            drafted=date(2025, 3, 5),
            published=date(2025, 3, 10),
            engaged=date(2025, 6, 25),
        ),
        Told(
            "brine",
            "chemistry",
            Achievement(
                title="示例：煤化工高盐废水纳滤分盐—热法分质结晶成套技术",
                abstract="以高选择性纳滤分离一价盐与二价盐，配合电催化氧化去除浓盐水中难降解有机物，"
                "再经热法分质结晶得到工业级氯化钠和硫酸钠，剩余母液定量外排干化，实现杂盐减量。",
                advantages="杂盐率 8%；盐总回收率 92%；氯化钠纯度 98.8%，硫酸钠纯度 98.6%；COD 去除率 75%；"
                "吨水运行成本约 26 元。",
                application="10 m³/h 中试装置在煤制油园区连续运行 11 个月；一套 120 m³/h 装置已投运。",
                trl=8,
                ip_summary="发明专利 9 件（授权 5 件）、工艺包 1 套；示例内容，不列专利号。",
                conversion_modes=[Mode.TRANSFER, Mode.LICENSE],
                price_fen=parse_yuan("450万"),
                price_negotiable=True,
                region_code="150602",
                keywords=["高盐废水", "分质结晶", "纳滤分盐", "杂盐减量"],
            ),
            ("point:3", "industry8:5", "area:A10", "hightech:70102", "gb4754:462"),
            drafted=date(2025, 3, 11),
            published=date(2025, 3, 17),
            engaged=date(2025, 6, 27),
        ),
        Told(
            "forage",
            "grassland",
            Achievement(
                title="示例：耐盐碱高产饲草品种组合与盐碱地节水栽培技术",
                abstract="选育耐盐碱苜蓿、饲用燕麦和披碱草品种组合，配套垄沟覆膜集雨、"
                "浅埋滴灌淋盐和秸秆隔层抑制返盐的栽培规程，"
                "用于 pH 9.5、全盐 0.8% 以下的盐碱化草地改良。",
                advantages="出苗率 78%–85%；干草亩产 470–520 kg；粗蛋白 16.8%；亩均灌溉用水比当地习惯下降 24%；"
                "种子与覆膜每亩投入 310 元。",
                application="在 3 处试验站连续 5 年试验，累计推广 2.3 万亩。",
                trl=9,
                ip_summary="审定品种 2 个、植物新品种权 1 项、地方标准 1 项；示例内容，不列编号。",
                conversion_modes=[Mode.LICENSE, Mode.OTHER],
                price_fen=parse_yuan("60万"),
                price_negotiable=False,
                region_code="150600",
                keywords=["耐盐碱饲草", "盐碱地改良", "苜蓿", "节水栽培"],
            ),
            ("industry8:7", "area:A07", "hightech:20701", "gb4754:018"),
            drafted=date(2025, 2, 24),
            published=date(2025, 2, 28),
            engaged=date(2025, 6, 20),
            won=date(2025, 10, 30),
            won_reason="许可实施并通过项目验收",
        ),
        Told(
            "storage",
            "energy",
            Achievement(
                title="示例：电化学储能电站热失控多参量早期预警系统",
                abstract="融合特征气体、膨胀力、交流阻抗和温升速率四类信号，按电池舱建立热失控演化模型，"
                "在电池析气阶段发出分级预警，"
                "并给出切断、排风和疏散建议。",
                advantages="对磷酸铁锂电池提前预警时间 38 min；预警准确率 97%；误报 0.4 次/月；"
                "单舱加装成本约 6.5 万元，可在储能电站不停运时安装。",
                application="在 3 座储能电站 28 个电池舱运行 14 个月，发现早期异常 5 次，均经拆解确认。",
                trl=8,
                ip_summary="发明专利 7 件（授权 3 件）、软件著作权 2 项；示例内容，不列专利号。",
                conversion_modes=[Mode.LICENSE, Mode.JOINT],
                region_code="150603",
                keywords=["储能电站", "热失控", "早期预警", "储能安全"],
            ),
            ("point:2", "industry8:1", "area:A01", "hightech:60302"),
            drafted=date(2025, 4, 1),
            published=date(2025, 4, 8),
        ),
        Told(
            "methanol",
            "chemistry",
            Achievement(
                title="示例：绿氢耦合煤制甲醇柔性运行与氢碳比协同控制技术",
                abstract="建立电解制氢、储氢、变换与甲醇合成的全流程动态模型，用滚动优化协调绿氢流量、"
                "变换旁路和合成塔循环比，"
                "在绿氢波动时保持氢碳比稳定，减少放空。",
                advantages="仿真与半实物试验中绿氢掺入比例 18%；甲醇装置负荷调节范围 60%–110%；调节速率 2.4%/min；"
                "氢碳比波动 ±0.025。",
                application="完成千吨级试验装置 600 小时验证，尚未在工业装置上应用。",
                trl=5,
                ip_summary="发明专利 4 件（授权 1 件）、软件著作权 2 项；示例内容，不列专利号。",
                conversion_modes=[Mode.JOINT, Mode.EQUITY],
                region_code="150602",
                keywords=["绿氢", "煤制甲醇", "柔性控制", "氢碳比"],
            ),
            ("point:3", "industry8:2", "area:A10", "gb4754:261"),
            drafted=date(2025, 4, 9),
            published=date(2025, 4, 15),
        ),
        Told(
            "cattle",
            "grassland",
            Achievement(
                title="示例：基于机器视觉的肉牛体重估测与行为识别技术",
                abstract="用深度相机采集肉牛背部三维点云估测体重，用时序网络识别爬跨、频繁起卧等发情行为，"
                "边缘计算盒在牛舍本地运行。",
                advantages="体重估测误差 4.2%；发情检出率 92%，误报率 8%；单栋牛舍设备成本约 2.6 万元；"
                "−30 ℃ 低温箱试验通过。",
                application="在 2 个肉牛场 6 栋牛舍试用 8 个月。",
                trl=6,
                ip_summary="发明专利 3 件（在审）、软件著作权 4 项；示例内容，不列专利号。",
                conversion_modes=[Mode.LICENSE, Mode.TRANSFER],
                price_fen=parse_yuan("90万"),
                price_negotiable=True,
                region_code="150600",
                keywords=["肉牛", "机器视觉", "体重估测", "发情监测"],
            ),
            ("industry8:8", "area:A08", "hightech:20704", "gb4754:053"),
            drafted=date(2025, 4, 21),
            published=date(2025, 4, 25),
        ),
        Told(
            "slag",
            "chemistry",
            Achievement(
                title="示例：气化细渣浮选脱碳与碳灰分质利用技术",
                abstract="以超声分散加浮选柱分离气化细渣中的残碳与灰，精碳作燃料，尾灰作土壤改良基质。"
                "中试数据整理中，待补充。",
                advantages="小试尾灰烧失量 ≤5%，精碳发热量 ≥18 MJ/kg。",
                trl=4,
                ip_summary="发明专利 2 件（在审）；示例内容，不列专利号。",
                conversion_modes=[Mode.JOINT],
                region_code="150602",
                keywords=["气化细渣", "浮选脱碳", "固废利用"],
            ),
            ("point:3", "industry8:5", "area:A05", "hightech:70302"),
            drafted_ago=2,
        ),
    )
