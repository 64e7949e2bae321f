"""A database that departs from the contract in many ways, for tests that compare two looks at it."""

from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures" / "defects"
VIOLATIONS = ("column", "type", "default", "not_null", "one_of", "check", "primary_key", "unique", "index", "trigger")

# More of what a report says something about: notes, what cannot be decided, strangers in any order.
MORE = """
CREATE FUNCTION zeta(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION alpha(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq);
CREATE TYPE mood AS ENUM ('use', 'edit', 'admin');
CREATE TYPE attitude AS ENUM ('use');
ALTER TABLE users ADD CHECK (zeta(status) AND alpha(status) OR status === 'x');
ALTER TABLE agent_collaborators ADD CHECK (permission::mood IS NOT NULL OR permission::attitude IS NOT NULL);
CREATE DOMAIN state AS text NOT NULL DEFAULT 'active' CHECK (VALUE IN ('active', 'closed'));
ALTER TABLE chat_sessions DROP status, ADD status state;
CREATE TABLE kinds (kind text PRIMARY KEY); INSERT INTO kinds VALUES ('user'), ('team'), ('robot');
ALTER TABLE agent_collaborators ADD FOREIGN KEY (collaborator_type) REFERENCES kinds;
ALTER TABLE goals DISABLE TRIGGER ALL;
CREATE TABLE bots () INHERITS (teams); CREATE TABLE aliens () INHERITS (teams);
CREATE SCHEMA attic; CREATE TABLE attic.agents (id int); CREATE TABLE attic.workers (id int);
ALTER TABLE slack_sessions SET SCHEMA attic;
ALTER TABLE llm_usage RENAME TO usage; CREATE VIEW llm_usage AS SELECT * FROM usage;
ALTER TABLE memories ENABLE ROW LEVEL SECURITY;
"""


def script() -> str:
    """The SQL that makes it of a conforming database."""
    scenes = [(FIXTURES / kind / "violation.sql").read_text(encoding="utf-8") for kind in VIOLATIONS]
    return ";\n".join([*scenes, MORE])
