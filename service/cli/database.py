"""``woshou migrate`` and ``woshou seed``."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from models.migrations import commands
from service.chain import seal_chain
from service.cli.console import command, installation, unit_of_work
from service.seeding import demo as demo_set
from service.seeding import load_seeds


@command("migrate")
@click.option("--check", is_flag=True, help="只检查数据库与程序是否一致，不改动。")
def migrate(check: bool) -> None:
    """把数据库升级到程序需要的版本。"""
    with installation() as opened, opened.engine.begin() as connection:
        if check:
            commands.check(connection)
            print("数据库与程序一致。")
            return
        before = commands.current(connection)
        commands.upgrade(connection)
        after = commands.current(connection)
        with Session(connection) as session:
            seal_chain(session, opened.settings)
            session.commit()
        print(f"数据库已是最新版本 {after}。" if before == after else f"数据库已升级：{before or '空'} → {after}。")


@command("seed")
@click.option("--demo", is_flag=True, help="另外装入带“示例”标记的演示数据。")
@click.option("--remove-demo", is_flag=True, help="移除全部示例数据。")
def seed(demo: bool, remove_demo: bool) -> None:
    """装入分类、地区、机构与公开文件中的真实需求和成果（可重复执行）。"""
    with installation() as opened:
        if remove_demo:
            with unit_of_work(opened) as ctx:
                removed = demo_set.remove_demo(ctx)
            print(f"示例数据已移除，共 {sum(removed.values())} 条。")
            return
        with unit_of_work(opened) as ctx:
            print(load_seeds(ctx).as_text())
        if demo:
            with unit_of_work(opened) as ctx:
                demo_set.load_demo(ctx)
            print("示例数据已装入，带“示例”标记，不计入正式统计；移除：woshou seed --remove-demo")
