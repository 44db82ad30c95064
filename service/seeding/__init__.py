"""What an installation starts with: the directories and facts of ``seeds/``, and a 示例 set to try it out."""

from service.seeding.demo import load_demo, remove_demo
from service.seeding.load import load_seeds
from service.seeding.reader import SeedError, seed_terms
from service.seeding.report import SeedReport

__all__ = ["SeedError", "SeedReport", "load_demo", "load_seeds", "remove_demo", "seed_terms"]
