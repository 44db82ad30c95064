"""How units are written, their exact factors, and the dimensions people have a word for."""

# One line: factor, powers of the base symbols, then the spellings. Factors are exact: SI (GB 3100), the calendar, the
# standard coal of GB/T 2589 (1 kgce) and the mu (2000/3 m²). What is not exactly the same stays apart: normal cubic
# metres (Nm³), years beside hours (a year of running is not 8760 h), standard coal beside joules, yuan.
SPELLINGS = """
1 m: m M 米
1000 m: km KM Km 公里 千米
1/100 m: cm CM 厘米 公分
1/10 m: dm 分米
1/1000 m: mm MM Mm 毫米
1/1000000 m: μm um μ 微米
1/1000000000 m: nm 纳米
1 m2: 平方米 平米
1/10000 m2: 平方厘米
1/1000000 m2: 平方毫米
1000000 m2: 平方公里 平方千米
2000/3 m2: 亩
10000 m2: 公顷 hm^2 hm2 ha
1 m3: 立方米 立方 方
1/1000000 m3: 立方厘米
1/1000000000 m3: 立方毫米
1/1000 m3: 立方分米
1/1000 m3: L l 升
1/1000000 m3: mL ml ML 毫升
1/1000000000 m3: μL uL μl ul 微升
1 Nm3: Nm^3 Nm3 NM^3 NM3 nm^3 nm3 标方 标准立方米 标立方 标立方米
1/1000 Nm3: NL
1 kg: kg KG Kg 千克 公斤
1/1000 kg: g 克
1/1000000 kg: mg MG 毫克
1/1000000000 kg: μg ug 微克
1/1000000000000 kg: ng 纳克
1000 kg: t T 吨
1/2 kg: 斤
1 kgce: kgce 千克标准煤 公斤标准煤 千克标煤 公斤标煤 kg标准煤 kg标煤
1/1000 kgce: gce 克标准煤 克标煤 g标准煤
1000 kgce: tce 吨标准煤 吨标煤 t标准煤 吨标
1 s: s sec 秒 秒钟
1/1000 s: ms 毫秒
1/1000000 s: μs us 微秒
1/1000000000 s: ns 纳秒
60 s: min Min MIN 分钟 分
3600 s: h H hr hrs 小时 个小时 时
86400 s: d 天 日
604800 s: 周 个周 星期 个星期
1 a: a 年 年度
1/12 a: 个月 月
1 kg m2 s-3: W w 瓦 Wp
1000 kg m2 s-3: kW KW kw Kw 千瓦 kWp
1000000 kg m2 s-3: MW Mw mw 兆瓦 MWp
1000000000 kg m2 s-3: GW gw 吉瓦 GWp
1/1000 kg m2 s-3: mW 毫瓦
1/1000000 kg m2 s-3: μW uW 微瓦
1 kg m2 s-3: VA
1000 kg m2 s-3: kVA KVA kva
1000000 kg m2 s-3: MVA
1 kg m2 s-2: J 焦耳 焦
1000 kg m2 s-2: kJ KJ 千焦
1000000 kg m2 s-2: MJ 兆焦
1000000000 kg m2 s-2: GJ 吉焦
3600 kg m2 s-2: Wh W·h wh WH 瓦时
3600000 kg m2 s-2: kWh kW·h kW.h kwh KWh KWH Kwh KW·h kw·h kw.h KW.h 千瓦时 千瓦·时 千瓦小时 度电
3600000000 kg m2 s-2: MWh MW·h 兆瓦时
3600000000000 kg m2 s-2: GWh GW·h 吉瓦时
20934/5 kg m2 s-2: kcal Kcal 千卡 大卡
1 kg m-1 s-2: Pa pa 帕 帕斯卡
1000 kg m-1 s-2: kPa KPa Kpa kpa KPA 千帕
1000000 kg m-1 s-2: MPa Mpa mpa MPA 兆帕
1000000000 kg m-1 s-2: GPa Gpa gpa
100000 kg m-1 s-2: bar Bar 巴
100 kg m-1 s-2: mbar hPa 百帕
101325 kg m-1 s-2: atm 标准大气压 个大气压
1/1000 kg m-1 s-1: mPa·s mpa·s mPa.s mPas cP cp 毫帕秒 毫帕·秒
1 kg m-1 s-1: Pa·s Pa.s
1 kg m s-2: N 牛顿 牛
1000 kg m s-2: kN KN kn 千牛
1 kg m2 s-2 rad-1: N·m N.m Nm 牛米 牛·米
1000 kg m2 s-2 rad-1: kN·m kN.m kNm
1 A: A 安培 安
1/1000 A: mA 毫安
1/1000000 A: μA uA 微安
1000 A: kA KA 千安
3600 A s: Ah A·h 安时
18/5 A s: mAh mA·h mah 毫安时
1 kg m2 s-3 A-1: V v 伏 伏特
1000 kg m2 s-3 A-1: kV KV kv 千伏
1/1000 kg m2 s-3 A-1: mV 毫伏
1 kg m2 s-3 A-2: Ω 欧姆 欧
1/1000 kg m2 s-3 A-2: mΩ 毫欧
1000 kg m2 s-3 A-2: kΩ
1000000 kg m2 s-3 A-2: MΩ 兆欧
1 kg-1 m-2 s3 A2: S 西门子
1/1000 kg-1 m-2 s3 A2: mS
1 kg s-2 A-1: 特斯拉
1 degC: °C ℃ 摄氏度
1 K: K k 开尔文
1 mol: mol 摩尔
1/1000 mol: mmol 毫摩尔
1000 mol: kmol
1 s-1: Hz HZ hz 赫兹 赫
1000 s-1: kHz KHz khz KHZ 千赫 千赫兹
1000000 s-1: MHz MHZ 兆赫
1000000000 s-1: GHz GHZ 吉赫兹
1 turn: r 转 圈
1/60 turn s-1: rpm RPM
1/100 ratio: % wt% vol% mol% at% %RH %(RH) %rh 个百分点 百分点
1/1000 ratio: ‰
1/1000000 ratio: ppm PPM Ppm
1/1000000000 ratio: ppb PPB
1 times: 倍
1 dB: dB db DB dB(A) db(A) dB(a) 分贝
1 deg: ° 角度
1 cycle: 次循环 个循环 循环次 次充放电循环 次充放电 个充放电循环 次 周次 循环
1 cfu: cfu CFU
1 U: U IU u
1 cd: cd 坎德拉
1 lm: lm 流明
1 lx: lx lux 勒克斯
1 mesh: 目
1 bit: bit 比特
1000 bit: kbit
1000000 bit s-1: Mbps Mb/s 兆比特/秒
1000000000 bit s-1: Gbps Gb/s
8 bit: B 字节
8000 bit: KB
8000000 bit: MB
8000000000 bit: GB
8000000000000 bit: TB
8000000000000000 bit: PB
1 frame: 帧 fps FPS
1 yuan: 元 元人民币 人民币 块钱 RMB
1 usd: 美元
"""

# Units that only mean something under the stroke (t/a, 元/度) or for output (万台/年).
UNDER_THE_STROKE = """
1 a: 年度
3600000 kg m2 s-2: 度
"""
COUNTED = "个 件 台 套 只 辆 支 片 块 根 株 头 人 户 样本 样品 批 盘 吨位 米长 副 枚 粒 瓶 袋 棵 羽 芽 万元 单"

# dimension, Chinese name, base unit: in these the bounds are told.
MEASURES = """
temperature 温度 °C
pressure 压力 MPa
ratio 比例 %
time 时间 h
period 年限 年
power 功率 kW
energy 能量 kWh
length 尺寸 mm
area 面积 平方米
volume 体积 立方米
gas_volume 标准体积 Nm^3
mass 质量 kg
voltage 电压 V
current 电流 A
current_density 电流密度 mA/cm^2
resistance 电阻 Ω
charge 容量 Ah
specific_capacity 比容量 mAh/g
force 力 N
torque 扭矩 N·m
speed 速度 m/s
flow 流量 立方米/h
gas_flow 标准流量 Nm^3/h
output 产能 t/年
throughput 处理量 t/h
volume_output 产能 立方米/年
gas_output 产能 Nm^3/年
energy_per_gas 单位能耗 kWh/Nm^3
energy_per_volume 单位能耗 kWh/立方米
energy_per_mass 比能量 kWh/kg
coal_per_mass 单位能耗 kgce/t
coal_per_energy 煤耗 kgce/kWh
mass_per_energy 单耗 kg/kWh
density 浓度 mg/L
gas_density 排放浓度 mg/Nm^3
volume_per_mass 单耗 立方米/t
gas_per_mass 单耗 Nm^3/t
surface 比表面积 平方米/g
cost_per_mass 成本 元/t
cost_per_energy 成本 元/kWh
cost_per_volume 成本 元/立方米
cost_per_gas 成本 元/Nm^3
cost_per_area 成本 元/平方米
cost_per_power 成本 元/kW
power_per_area 功率密度 W/平方米
power_per_mass 比功率 W/kg
power_per_volume 功率密度 kW/L
conductivity 导热系数 W/(m·K)
conductance 电导率 mS/cm
viscosity 粘度 mPa·s
frequency 频率 Hz
rotation 转速 rpm
noise 噪声 dB
angle 角度 °
lifetime 循环次数 次循环
colony 菌数 cfu/mL
colony_mass 菌数 cfu/g
activity 酶活 U/mL
activity_mass 酶活 U/g
concentration 浓度 mol/L
mesh 粒度 目
luminance 亮度 cd/平方米
efficacy 光效 lm/W
data 数据量 GB
rate 速率 Mbps
frames 帧率 帧/s
yield_per_area 单产 kg/亩
multiple 倍数 倍
heating_rate 升降温速率 °C/min
ramp 变化速率 %/min
"""
