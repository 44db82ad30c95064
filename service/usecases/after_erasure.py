"""What an erasure leaves to a job: word statistics, index files, the embedded log, the list outside the database."""

from __future__ import annotations

from sqlalchemy import Engine, delete

from models import Account, RankingStatistics
from service.context import Context
from service.database import empty_the_log
from service.index_files import IndexFiles
from service.personal_data.replay import note_erasure, noted_erasures
from service.ranking import keep_statistics
from service.usecases.erasure import erase_person


def finish_erasure(ctx: Context, account_id: int, *, postings: bool) -> None:
    """Count the words anew when postings changed, and see that no old page of the database is left on the disk.

    Commits. Raises OperationalError while others read an earlier state of an embedded database; the job tries again.
    """
    account = ctx.find(Account, account_id)
    if postings:
        ctx.session.execute(delete(RankingStatistics))
        keep_statistics(ctx)
        IndexFiles(ctx.settings).clear()
        ctx.enqueue("refresh_matches", unique_key="refresh_matches")
    note_erasure(ctx.settings.data_dir, account.id, account.created_at, ctx.now)
    ctx.audit("finish_erasure", account)
    ctx.commit()
    engine = ctx.session.get_bind()
    if isinstance(engine, Engine):
        empty_the_log(engine)


def replay_erasures(ctx: Context) -> int:
    """Erase again whoever the list outside the database names and a restored copy brought back; how many there were."""
    count = 0
    for account_id, created_at in noted_erasures(ctx.settings.data_dir):
        account = ctx.session.get(Account, account_id)
        if account is not None and account.created_at == created_at and account.erased_at is None:
            erase_person(ctx, account)
            count += 1
    return count
