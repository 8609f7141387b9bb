-- The tables of version 1 with one linked pair of contacts.
CREATE TABLE accounts (
	name     TEXT PRIMARY KEY,
	service  TEXT NOT NULL,
	settings TEXT NOT NULL               -- JSON, never a secret
) STRICT;

CREATE TABLE pairs (
	id       TEXT PRIMARY KEY,
	position INTEGER NOT NULL,
	body     TEXT NOT NULL,              -- JSON: collections and rules
	stop     TEXT NOT NULL DEFAULT '',   -- JSON: the guard that waits for a person, or ''
	success  TEXT NOT NULL DEFAULT ''    -- instant of the last run that ended in step
) STRICT;

CREATE TABLE cursors (
	pair       TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	side       INTEGER NOT NULL,
	value      TEXT NOT NULL,
	fields     TEXT NOT NULL,            -- the fields that the collection was opened with
	generation INTEGER NOT NULL,         -- counts complete listings
	listing    INTEGER NOT NULL,         -- 1: in the middle of a complete listing
	began      TEXT NOT NULL,            -- when the discovery that ended last began
	PRIMARY KEY (pair, side)
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
	pair       TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	side       INTEGER NOT NULL,
	id         TEXT NOT NULL,
	grp        TEXT NOT NULL,
	slot       TEXT NOT NULL,
	revision   TEXT NOT NULL,
	self       TEXT NOT NULL,
	mark       TEXT NOT NULL,
	modified   TEXT NOT NULL,
	record     TEXT NOT NULL,            -- JSON
	presence   TEXT NOT NULL,
	title      TEXT NOT NULL,            -- of an item that cannot be read
	generation INTEGER NOT NULL,
	first_seen TEXT NOT NULL,
	dirty      INTEGER NOT NULL,
	PRIMARY KEY (pair, side, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX items_dirty ON items (pair, side) WHERE dirty;
CREATE INDEX items_self ON items (pair, side, self);
CREATE INDEX items_group ON items (pair, side, grp);

CREATE TABLE links (
	id         INTEGER PRIMARY KEY,
	pair       TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	left_id    TEXT NOT NULL,
	right_id   TEXT NOT NULL,
	left_base  TEXT NOT NULL,            -- JSON
	right_base TEXT NOT NULL,            -- JSON
	origin     TEXT NOT NULL,            -- 'left', 'right': where the item came from; 'both': found on both
	held       TEXT NOT NULL DEFAULT '',
	UNIQUE (pair, left_id),
	UNIQUE (pair, right_id)
) STRICT;

CREATE TABLE problems (
	pair  TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	side  INTEGER NOT NULL,
	item  TEXT NOT NULL,
	code  TEXT NOT NULL,
	field TEXT NOT NULL,
	PRIMARY KEY (pair, side, item, code, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE intents (
	id     INTEGER PRIMARY KEY,
	pair   TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	run    INTEGER NOT NULL,
	side   INTEGER NOT NULL,
	op     TEXT NOT NULL,
	item   TEXT NOT NULL,                -- the item to change; '' for a create
	source TEXT NOT NULL,                -- create: the item of the other side that it is made from
	link   INTEGER NOT NULL,
	mark   TEXT NOT NULL,
	patch  TEXT NOT NULL,                -- JSON
	agree  TEXT NOT NULL,                -- JSON: the bases to set when it is found to be done
	sent   TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
	id      INTEGER PRIMARY KEY,
	pair    TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	began   TEXT NOT NULL,
	ended   TEXT NOT NULL DEFAULT '',
	outcome TEXT NOT NULL DEFAULT '',
	report  TEXT NOT NULL DEFAULT ''     -- JSON
) STRICT;

CREATE TABLE journal (
	id     INTEGER PRIMARY KEY,
	run    INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
	side   INTEGER NOT NULL,
	item   TEXT NOT NULL,
	op     TEXT NOT NULL,                -- create, update, delete, conflict
	before TEXT NOT NULL,                -- JSON: the record, or the losing value
	raw    BLOB,                         -- the object as the service held it
	patch  TEXT NOT NULL,                -- JSON
	done   INTEGER NOT NULL              -- 1: known to be carried out
) STRICT;
CREATE INDEX journal_run ON journal (run);

CREATE TABLE settings (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT;
INSERT INTO accounts VALUES ('crm', 'zoho', '{"api_url":"https://crm.test"}'), ('home', 'caldav', '{}');
INSERT INTO pairs VALUES ('p1', 0, '{"id":"p1","kind":"contact","ends":[{"account":"crm","ref":"Contacts","title":"Contacts"},{"account":"home","ref":"/people/","title":"People"}],"direction":"both","conflict":"left","delete":["ask","ask"],"mapping":[{"left":"last_name","right":"last_name"}],"from_days":0,"until_days":0}', '', '');
INSERT INTO items VALUES ('p1', 0, '100', '100', '', 'r1', '100', '', '', '{"last_name":"A"}', 'present', '', 1, '', 0),
	('p1', 1, '/a.vcf', '/a.vcf', '', 'r2', 'uid-a', '100', '', '{"last_name":"A"}', 'present', '', 1, '', 0);
INSERT INTO links VALUES (1, 'p1', '100', '/a.vcf', '{"last_name":"A"}', '{"last_name":"A"}', 'left', '');
PRAGMA user_version = 1;
