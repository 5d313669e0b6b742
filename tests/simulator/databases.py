"""The simulated NAV's database: a SQLite file, or a database of a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine

from robot.adapters.navision.engine import connect
from tests.adapters.navision.world import restore

#: The login that a robot reads with on a server: SELECT and nothing else.
READER: Final = "robot_reader"


def open_database(address: str) -> Engine:
    """NAV's own engine on a path, or on an SQLAlchemy address."""
    return create_engine(address) if "://" in address else connect(Path(address))


def put_back(engine: Engine, template: str) -> None:
    """Make the database what it was: a file as its template; a server's as when it was kept."""
    if engine.dialect.name == "sqlite":
        restore(engine, Path(template))
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT kept.put_back()")


def keep(engine: Engine) -> None:
    """Keep a server's tables as they are now; only those that changed are filled again later."""
    with engine.begin() as connection:
        connection.exec_driver_sql(_KEEP)
        connection.exec_driver_sql(_PUT_BACK)


#: What was changed is noted by every statement that changes something, whoever sends it. The notes
#: have no key, so that nobody waits for anybody else's.
_KEEP: Final = """
CREATE SCHEMA kept;
CREATE TABLE kept.changed (name name NOT NULL);
CREATE FUNCTION kept.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO kept.changed VALUES (TG_TABLE_NAME); RETURN NULL; END $$;
DO $$ DECLARE t name; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE kept.%%1$I AS TABLE public.%%1$I', t);
    EXECUTE format(
      'CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.%%1$I'
      ' FOR EACH STATEMENT EXECUTE FUNCTION kept.note()', t);
  END LOOP;
END $$
"""
_PUT_BACK: Final = """
CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE t name; BEGIN
  FOR t IN SELECT DISTINCT name FROM kept.changed LOOP
    EXECUTE format('DELETE FROM public.%%1$I', t);
    EXECUTE format('INSERT INTO public.%%1$I TABLE kept.%%1$I', t);
  END LOOP;
  DELETE FROM kept.changed;
END $$
"""


def let_read(engine: Engine) -> None:
    """Let the reading login select from every table, as a site grants it."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER}')"
            f" THEN CREATE ROLE {READER} LOGIN; END IF; END $$"
        )
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}")
