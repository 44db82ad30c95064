"""The 示例 set: clearly marked records that show the whole way from a need to money, removable by one command."""

from service.seeding.demo.removal import remove_demo
from service.seeding.demo.telling import load_demo

__all__ = ["load_demo", "remove_demo"]
