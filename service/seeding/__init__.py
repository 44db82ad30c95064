"""What an installation starts with: the directories and facts of ``seeds/``, and a set of 示例 records to try it out."""

from service.seeding.load import load_seeds
from service.seeding.reader import SeedError, seed_terms
from service.seeding.report import SeedReport

__all__ = ["SeedError", "SeedReport", "load_seeds", "seed_terms"]
