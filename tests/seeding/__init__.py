"""The seeds and the 示例 set."""
