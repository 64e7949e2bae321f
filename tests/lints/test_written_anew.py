"""A server is asked whether it writes a table anew, reads all its rows or builds an index: where it does, a lint says so,
and where it does not, none cries."""

from __future__ import annotations

import re

import psycopg
from test_lints import linted

from conformance.sandbox import Server

BASE = """
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN required AS text NOT NULL;
CREATE DOMAIN plain AS text;
CREATE TABLE goals (id int PRIMARY KEY);
CREATE TABLE tasks (
    id int PRIMARY KEY, name varchar(20), body text, checked varchar(20) CHECK (checked <> ''), keyed varchar(20) UNIQUE,
    n int4, price numeric(10,2), at timestamptz, seen timestamp(3), code char(3), took interval(3), bits varbit(3),
    net cidr, tags varchar(10)[], p positive, q plain, day time, proven int, CONSTRAINT proven CHECK (proven > 0) NOT VALID
);
"""
STATEMENTS = """
ALTER name TYPE varchar(30)
ALTER name TYPE text
ALTER name TYPE text USING lower(name)
ALTER name TYPE text USING name::text
ALTER name TYPE varchar(30) COLLATE "C"
ALTER name TYPE character varying (40)
ALTER name TYPE varchar(10)
ALTER name TYPE char(20)
ALTER body TYPE varchar
ALTER body TYPE varchar(50)
ALTER body TYPE plain
ALTER body TYPE required
ALTER q TYPE text
ALTER p TYPE integer
ALTER p TYPE bigint
ALTER checked TYPE text
ALTER keyed TYPE text
ALTER keyed TYPE varchar(20) COLLATE "C"
ALTER n TYPE int
ALTER n TYPE bigint
ALTER price TYPE decimal(12,2)
ALTER price TYPE numeric
ALTER price TYPE numeric(12,3)
ALTER at TYPE timestamp with time zone
ALTER at TYPE timestamptz(6)
ALTER at TYPE timestamptz(3)
ALTER seen TYPE timestamp without time zone
ALTER seen TYPE timestamp(6)
ALTER seen TYPE timestamp(0)
ALTER code TYPE char(5)
ALTER code TYPE text
ALTER took TYPE interval
ALTER took TYPE interval(6)
ALTER took TYPE interval(1)
ALTER bits TYPE varbit(5)
ALTER bits TYPE bit varying
ALTER net TYPE inet
ALTER net TYPE text
ALTER tags TYPE varchar(20)[]
ALTER day TYPE time(6)
ADD COLUMN x positive
ADD COLUMN x required DEFAULT 'x'
ADD COLUMN x plain DEFAULT 'x'
ADD COLUMN x int DEFAULT 3 NOT NULL
ADD COLUMN x timestamptz DEFAULT now()
ADD COLUMN x timestamp DEFAULT (now() AT TIME ZONE 'utc')
ADD COLUMN x timestamptz DEFAULT clock_timestamp()
ADD COLUMN x float DEFAULT random()
ADD COLUMN x text DEFAULT to_char(now(), 'YYYY') || left(concat('a', 'b'), 1)
ADD COLUMN x int GENERATED ALWAYS AS (n * 2) VIRTUAL
ADD COLUMN x int GENERATED ALWAYS AS (n * 2) STORED
ADD COLUMN x serial
ADD COLUMN x int UNIQUE
ADD COLUMN x int CHECK (x > 0)
ADD CHECK (n > 0)
ADD CHECK (n > 0) NOT VALID
ADD CONSTRAINT c CHECK (n > 0) NOT VALID, VALIDATE CONSTRAINT c
ALTER n SET NOT NULL
ADD UNIQUE (n)
ADD EXCLUDE (n WITH =)
ADD FOREIGN KEY (n) REFERENCES goals
ADD FOREIGN KEY (n) REFERENCES goals NOT VALID
SET UNLOGGED
SET (fillfactor = 50)
ALTER n SET DEFAULT 3
DROP COLUMN n
""".strip().splitlines()
SLOW = {"A003", "A004", "A005", "A006", "A007", "A008", "A011", "A013"}
_WORKS = re.compile(r'(?:rewriting|verifying) table "tasks"|building index "(?!pg_toast)|validating foreign key')


def test_what_a_server_does_to_every_row_is_said_and_nothing_else(server: Server) -> None:
    url = server.create_database("anew")
    seen: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            BASE.encode() + b"INSERT INTO goals VALUES (1); INSERT INTO tasks (id, body, n) VALUES (1, '', 1);"
        )
        connection.add_notice_handler(lambda notice: seen.append(notice.message_primary or ""))
        apart = [action for action in STATEMENTS if _slow(connection, action, seen) != bool(_said(action))]
    server.drop_database("anew")
    assert apart == []


def _slow(connection: psycopg.Connection, action: str, seen: list[str]) -> bool:
    connection.execute("SET client_min_messages = debug1; BEGIN")
    seen.clear()
    connection.execute(f"ALTER TABLE tasks {action}".encode())
    found = any(_WORKS.search(one) for one in seen)
    connection.execute("ROLLBACK; SET client_min_messages = warning")
    return found


def _said(action: str) -> set[str]:
    text = f"{BASE}-- another file\nALTER TABLE tasks {action};\n"
    return {one.code for one in linted(text) if one.script.number == 2} & SLOW


def test_what_is_kept_once_is_not_volatile_on_a_server(server: Server) -> None:
    from conformance.lints.a007_added_column_rewrites import _STABLE

    url = server.create_database("stable")
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT DISTINCT proname FROM pg_proc WHERE provolatile = 'v' AND proname = ANY (%s)", [sorted(_STABLE)]
        ).fetchall()
    server.drop_database("stable")
    assert rows == []
