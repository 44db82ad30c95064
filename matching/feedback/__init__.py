"""Learning from outcomes: what people decided about pairs becomes weights, tried before they count."""

from matching.feedback.comparison import METRIC_LABELS, Compared, Move, compared, improvement, measured, moves
from matching.feedback.fitting import fit_weights, in_hundredths
from matching.feedback.grades import FIT_GRADES, GRADE_LABELS, UNFIT_REASONS, Grade, Judgement, grade_of_fits
from matching.feedback.lists import JudgedList, Scored, judged_lists
from matching.feedback.transfer import LEAST_SIMILAR, lent_lists, transfer
from matching.feedback.trial import FEWEST_HELD_OUT, FEWEST_NEEDS, Enough, Trial, Verdict, enough, hold_trial

__all__ = [
    "FEWEST_HELD_OUT",
    "FEWEST_NEEDS",
    "FIT_GRADES",
    "GRADE_LABELS",
    "LEAST_SIMILAR",
    "METRIC_LABELS",
    "UNFIT_REASONS",
    "Compared",
    "Enough",
    "Grade",
    "JudgedList",
    "Judgement",
    "Move",
    "Scored",
    "Trial",
    "Verdict",
    "compared",
    "enough",
    "fit_weights",
    "grade_of_fits",
    "hold_trial",
    "improvement",
    "in_hundredths",
    "judged_lists",
    "lent_lists",
    "measured",
    "moves",
    "transfer",
]
