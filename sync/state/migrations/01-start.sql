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
