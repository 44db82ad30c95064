"""What can be measured (纯度, 热效率, 使用寿命): the words for it, the units that fit, and which way is better."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from matching.indicators.units import RATIO, Vector, vector_of

# One line: the better way (+ more, - less, ? only the process can say; ! it says nothing without its subject), the
# dimension, the units that fit, then the words. Words joined by "/" mean the same; the first names the concept. Chosen
# from the quantities of GB 3100 and GB/T 3101 and the usual wording of technical targets.
_TABLE = """
! temperature °C: 温度 室温/环温/环境温度 炉温 水温 油温 气温 结温 温升 温差 熔点 沸点 冰点 凝点 倾点 闪点 软化点 露点
    玻璃化转变温度
! pressure MPa: 压力 气压 压差 油压 水压 风压 真空度
+! strength MPa: 强度 屈服 模量 附着力 粘结力/粘接力 结合力
! force N: 拉力 推力 压制力 牵引力 张力 夹紧力 载荷/荷载/负载 承载力 锚固力 支撑力
? hardness HRC,HB,HV: 硬度
+ purity %,ppm,g/L: 纯度 品位
! content %,ppm,mg/L,mg/m^3,g/kg,mol/L,g/cm^3: 含量/质量分数 浓度 体积分数 掺量/添加量 用量 残留量/残留 固含量/含固量
    灰分 挥发分
! content %: 含水率/含水量/水分 湿度/相对湿度
+ efficiency %: 效率 能效 热效率 首效/首次效率/首次库伦效率 转化率 转换效率/转化效率 光电转换效率/光电转化效率
+ efficiency %: 回收率 回用率 收率/得率/产率 提取率 浸出率 萃取率 选择性 利用率/利用效率 综合利用率 使用率
+ efficiency %: 去除率/脱除率 脱硫率/脱硫效率 脱硝率/脱硝效率 除尘效率 净化率/净化效率 过滤效率 杀灭率 灭菌率 截留率
    脱盐率 降解率
+ rate %: 合格率/一次合格率 良品率/良率 成品率/成材率 优等品率 达标率 准确率/准确度/正确率/精确率 识别率/辨识率 检出率
    召回率
+ rate %: 成活率/存活率 发芽率 出苗率 受胎率 繁殖率 治愈率 有效率 覆盖率 普及率 自动化率 国产化率 开机率 作业率 可用率
+ rate %: 灵敏度 特异性 可靠性/可靠度 均匀度/均匀性 一致性 稳定性
- rate %: 故障率 不良率/不良品率 废品率/次品率 缺陷率 误报率 漏报率 漏检率 误检率/误判率 泄漏率/泄露率/漏率 死亡率/
    死淘率 发病率
- rate %: 破损率/破碎率 损耗率 损失率 失效率 衰减率/衰减 差错率 误码率
-! error %,mm,°,°C,s,ppm,V,g: 误差/偏差 不确定度 公差 波动度 圆度 平面度 直线度 同轴度 平行度 垂直度 跳动 不均匀度
    畸变率
! accuracy %,mm,°,°C,s,ppm,Pa,g: 精度 定位精度 测量精度 控制精度 重复定位精度
- roughness μm: 粗糙度/光洁度/Ra
! share %: 占比/比例/比重/百分比 掺混比例 配比
? share %: 负荷/负荷率/负载率/负荷范围/功率范围/负荷调节范围/功率调节范围/调节范围/波动范围
+ ramp %/min: 调节速率/负荷调节速率/变负荷速率/升降负荷速率
! rate %: 增长率/增幅 伸长率/延伸率 膨胀率 收缩率 孔隙率/空隙率 压缩率 变形率 吸水率 透光率/透过率 反射率 回弹率
    充装率 渗透率
- consumption kWh,kWh/kg,kWh/m^3,kWh/Nm^3,kgce,kgce/t,kgce/元,kJ/m^3,kWh/m^2,kgce/m^2,kgce/kWh,kWh/件,kWh/a,kWh/h:
    能耗/单耗/电耗/耗电/耗电量/用电量/单位能耗/综合能耗/制氢能耗/直流电耗/消耗/能量消耗 煤耗 汽耗/蒸汽消耗 气耗
- consumption t/h,m^3/h,m^3/t,Nm^3/t,kg/t,L/h,g,kg,t,m^3,L/m^2,kg/m^2,g/kWh,L,t/a,m^3/a,kg/亩,g/t,kg/kWh: 耗量/消耗量/
    消耗/单耗/物耗 水耗/耗水量/新水消耗/用水量 药耗 油耗
- cost 元/t,元/kWh,元/m^3,元/Nm^3,元/m^2,元/kW,元/件,元/个,元/台,元/套,元/亩,元/头,元/人,元/m,元/样本,元/a,元/h,元/次,
    元/片,元/辆: 成本/单位成本/费用/运行费用/运行成本/生产成本 价格/售价/单价 电价 造价 投资
- cost 元: 成本/单位成本/运行成本/生产成本/改造成本 造价
+ output t/a,t/h,t/d,m^3/a,Nm^3/a,m^3/h,Nm^3/h,件/a,台/a,套/a,只/a,个/a,支/a,片/a,块/a,辆/a,株/a,头/a,枚/a,粒/a,瓶/a,
    袋/a,羽/a: 产能/产量/年产/年产量/年产能/日产/日产量/时产/生产能力/年生产能力/日生产能力/生产规模/规模/生产率/
    生产效率/产氢量/制氢量/产气量
+ output 件/h,台/h,个/h,片/h,块/h,只/h,m^2/a,m^2/h,m/h,kW/a,kWh/a,m/a,棵/h,株/h,支/h,样本/h: 产能/产量/年产/年产量/
    年产能/日产/日产量/时产/生产能力/年生产能力/日生产能力/生产规模/规模/生产率/生产效率
+ throughput t/a,t/h,t/d,m^3/a,m^3/h,Nm^3/h,t,样本/h,件/h,个/h,L/h,亩/h,亩/d: 处理量/处理能力/处理规模/年处理/日处理/
    年处理量/日处理量/年处理能力/日处理能力 输送量/输送能力 运量 抽采量 通量/检测通量 作业效率/工作效率/效率
+ yield kg/亩,t/亩,t/hm^2,kg/hm^2: 单产/亩产/亩产量/产量
+ lifetime h,a,d,次,km: 寿命/使用寿命/工作寿命/服役期/使用年限/使用时间/耐久性/年限 循环寿命/循环次数 续航/续航时间/
    续航里程
+ lifetime h,a,d: 连续运行/稳定运行/累计运行/运行时间/连续运行时间/无故障运行时间/无故障时间/平均无故障工作时间
+ shelf_life a,d,h: 保质期/有效期/保存期/储存期/贮存期/货架期 质保/质保期
- time s: 响应时间/响应 延迟/延时/时延 启动时间 充电时间 换型时间 停机时间 检修时间
! time h,a: 时间/时长 周期 工期 耗时/用时 间隔 节拍 保温时间 反应时间 停留时间
! power kW: 功率 装机/装机容量/装机规模 出力 发电功率
+ energy kWh,kWh/a,kWh/d: 发电量 上网电量 供电量 节电量
? energy kJ/kg,kJ/m^3,kJ/Nm^3,kJ: 热值/发热量/低位热值 高位热值
+ energy_density Wh/kg,Wh/L: 能量密度/比能量/质量能量密度
+ power_density W/kg,W/L,W/m^2: 功率密度/比功率
+ capacity Ah,mAh/g,kWh,GB,m^3,L,t,kVA: 容量 比容量/克容量 库容 储量 储能容量 库存 容积
! voltage V: 电压 压降 电位 槽压 小室电压
? current_density A/m^2: 电流密度
! current A: 电流 漏电流
! resistance Ω,Ω·m,Ω·cm^2: 电阻 电阻率 阻抗 内阻 面电阻
+ conductivity S/m,mS/cm: 电导率/导电率
? thermal W/(m·K): 导热系数/热导率/导热率
? size mm,目: 粒径/粒度/细度/颗粒度/颗粒 孔径
! size mm: 厚度 板厚 膜厚 壁厚 层厚 煤厚 尺寸 直径 长度 宽度 高度 深度 间距 距离 行程 外径 内径 跨度 半径 口径 管径
    埋深 高差 幅宽
! size mm: 线宽 波长 缝隙 间隙 采高 孔深 量程 里程 检测距离 射程 株高 位移 挠度 周长 摆幅
! area m^2: 面积 占地/占地面积 建筑面积
! volume m^3: 体积 容积
! mass kg: 质量/重量 自重 体重 克重 单重 总重 载重/载重量 面密度
! density kg/m^3: 密度 容重 比重 堆密度/堆积密度 振实密度 压实密度
! speed m/s: 速度/车速/线速度 流速 风速 速率 转移速度 掘进速度
? rotation rpm: 转速
! flow m^3/h,Nm^3/h,t/h,L/min: 流量 风量 气量 水量 排量 供气量 循环量
! frequency Hz: 频率 频段 主频 工频 带宽 采样率 刷新率
- noise dB: 噪声/噪音/声压级/声级
- emission mg/m^3,mg/Nm^3,g/kWh,mg/L,kg,t,t/a,g/km,kg/t,ppm: 排放/排放浓度/排放量/排放限值 碳排放/碳排放量 COD 氨氮
? surface m^2/g: 比表面积
? viscosity Pa·s: 粘度/黏度
! torque N·m: 扭矩/转矩/力矩
+ colony cfu/mL,cfu/g: 菌数/活菌数/有效活菌数/含菌量/发酵能力/发酵水平
+ activity U/mL,U/g: 酶活/酶活力/活性
! angle °: 角度 倾角 坡度 视角/视场角 转角
! resolution mm,s,°C,bit: 分辨率/分辨力 解析度
? acidity pH: 酸碱度
+ rate GB/s,Mbps: 传输速率/速率/传输速度/网速/带宽 吞吐量
? data GB: 数据量 存储容量/内存/存储/容量
+ benefit t/a,kWh/a: 节煤 节水 节电 节约 减排/减排量
"""

_SCALES = frozenset({"HRC", "HB", "HV", "pH"})


@dataclass(frozen=True, slots=True)
class Concept:
    """A kind of measured thing: its name, the better way (+1 more, -1 less, 0 unknown), dimension and units.

    ``strict``: two of these are the same only with the same subject (温度 alone says nothing).
    """

    name: str
    better: int
    strict: bool
    dimension: str
    vectors: frozenset[Vector]

    def fits(self, vector: Vector) -> bool:
        """Whether a unit can measure this."""
        return vector in self.vectors


def _lines(table: str) -> list[str]:
    """The table's lines; one that begins with blanks goes on with the one before."""
    return re.sub(r"\n +", " ", re.sub(r"([/,])\n +", r"\1", table.strip())).splitlines()


@cache
def concepts() -> Mapping[str, tuple[Concept, ...]]:
    """Word → what it may mean; the unit beside it tells which."""
    found: dict[str, tuple[Concept, ...]] = {}
    for line in _lines(_TABLE):
        head, words = line.split(": ")
        better, dimension, units = head.split()
        vectors = frozenset(((unit, 1),) if unit in _SCALES else vector_of(unit) for unit in units.split(","))
        for same in words.split():
            name = same.split("/")[0]
            concept = Concept(name, {"+": 1, "-": -1}.get(better[0], 0), "!" in better, dimension, vectors)
            for word in same.split("/"):
                found[word] = (*found.get(word, ()), concept)
    return found


@cache
def concept_named(name: str) -> Concept | None:
    """The concept of this name, None for "" and for names no table holds."""
    return next((concept for concept in concepts().get(name, ()) if concept.name == name), None)


def own_concept(word: str, vector: Vector = RATIO) -> Concept:
    """What no table holds (在线率, 粗蛋白) is a concept of its own; nobody knows its better way."""
    return Concept(word, 0, False, "rate" if word.endswith("率") else "", frozenset({vector}))
