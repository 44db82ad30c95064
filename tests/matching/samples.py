"""Small postings that the matching tests share, and where the measuring data may lie."""

from pathlib import Path

from matching import Profile

EVAL = Path(__file__).resolve().parents[3] / "shared" / "eval"

NEEDS = (
    Profile("N1", "宽功率波动的千标方级电解水制氢机组关键技术及样机研制", categories=("point:氢能",)),
    Profile("N2", "煤基合成气制轻质芳烃关键技术研究及应用示范", categories=("point:新型化工与新材料",)),
    Profile("N3", "绒山羊高效繁育技术、绒山羊新品系选育扩繁及产业化示范", keywords=("绒山羊", "育种")),
    Profile("N4", "矿井水处理", "矿井水含盐量高，需要将 CO₂ 与废水协同处理；处理量不低于 50㎥/h。", ("高盐废水",)),
)
OFFERS = (
    Profile("A1", "全球首台套千标方级的方形插片式带压制氢系统（“氢舟”）", categories=("point:氢能",)),
    Profile("A2", "合成气一步法制芳烃/烯烃"),
    Profile("A3", "绒山羊饲养技术（示范推广）", categories=("point:现代畜牧业",)),
    Profile("A4", "青贮玉米品种真金286示范与推广"),
    Profile("A5", "", "高盐废水零排放与 CO2 矿化工艺，已在三座矿井运行。", ("矿井水", "零排放")),
)
