"""What an administrator does with stores: names the own one, and makes another, of which they are administrator too."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.domain.errors import NameTaken
from webapp.domain.roles import Role
from webapp.domain.stores import read_store_name, read_time_zone
from webapp.domain.wording import say
from webapp.models import Store
from webapp.services.people import membership_service
from webapp.services.people.staff_service import Administrator, lock_administrator


def change_store(db: Session, admin: Administrator, name: str, time_zone: str) -> None:
    """Give the administrator's store another name and time zone. Raises InvalidInput, Forbidden."""
    lock_administrator(db, admin)
    new = {"name": read_store_name(name), "time_zone": read_time_zone(time_zone)}
    db.execute(update(Store).where(Store.id == admin.store_id).values(**new))


def add_store(db: Session, admin: Administrator, code: str, name: str, time_zone: str) -> None:
    """Make another store and let the administrator work there. Raises InvalidInput, Forbidden, NameTaken.

    A code that is taken is refused even under the same name: the store is somebody's.
    """
    lock_administrator(db, admin)
    if not membership_service.create_store(db, code, name, time_zone):
        raise NameTaken(say("The code %(code)s belongs to another store.", code=code), code=code)
    membership_service.add_to_store(db, code, admin.username, Role.ADMIN)
