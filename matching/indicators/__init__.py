"""Indicators (指标): numbers with units in a text, and whether an achievement's meet a need's."""

from matching.indicators.fit import compare
from matching.indicators.quantity import IndicatorFit, Quantity, Verdict
from matching.indicators.reading import quantities

__all__ = ["IndicatorFit", "Quantity", "Verdict", "compare", "quantities"]
