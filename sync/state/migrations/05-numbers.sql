-- No number is given a second time. The tables that count their rows are made anew, with the same rows, since SQLite gives
-- the number of a row that was deleted to the next one otherwise: what remembers a number would mean another row.
CREATE TABLE new_links (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
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
INSERT INTO new_links SELECT id, pair, left_id, right_id, left_base, right_base, origin, held FROM links;
DROP TABLE links;
ALTER TABLE new_links RENAME TO links;

CREATE TABLE new_intents (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	pair    TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	run     INTEGER NOT NULL,
	side    INTEGER NOT NULL,
	op      TEXT NOT NULL,
	item    TEXT NOT NULL,               -- the item to change; '' for a create
	source  TEXT NOT NULL,               -- create: the item of the other side that it is made from
	link    INTEGER NOT NULL,
	mark    TEXT NOT NULL,
	patch   TEXT NOT NULL,               -- JSON
	agree   TEXT NOT NULL,               -- JSON: the bases to set when it is found to be done
	sent    TEXT NOT NULL,
	journal INTEGER NOT NULL DEFAULT 0,  -- its line of the journal
	copy    TEXT NOT NULL DEFAULT ''     -- create: the key of the version that it makes
) STRICT;
INSERT INTO new_intents SELECT id, pair, run, side, op, item, source, link, mark, patch, agree, sent, journal, copy FROM intents;
DROP TABLE intents;
ALTER TABLE new_intents RENAME TO intents;

CREATE TABLE new_runs (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	pair    TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	began   TEXT NOT NULL,
	ended   TEXT NOT NULL DEFAULT '',
	outcome TEXT NOT NULL DEFAULT '',
	report  TEXT NOT NULL DEFAULT '',    -- JSON
	undoes  INTEGER NOT NULL DEFAULT 0   -- the run that this one takes back; 0: none
) STRICT;
INSERT INTO new_runs SELECT id, pair, began, ended, outcome, report, undoes FROM runs;
DROP TABLE runs;
ALTER TABLE new_runs RENAME TO runs;

CREATE TABLE new_journal (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	run      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
	side     INTEGER NOT NULL,
	item     TEXT NOT NULL,
	op       TEXT NOT NULL,              -- create, update, delete, conflict
	before   TEXT NOT NULL,              -- JSON: the record, or the losing value
	patch    TEXT NOT NULL,              -- JSON
	done     INTEGER NOT NULL,           -- 1: known to be carried out
	link     INTEGER NOT NULL DEFAULT 0,
	image    INTEGER NOT NULL DEFAULT 0, -- 0: none
	was      TEXT NOT NULL DEFAULT '',   -- JSON: both items before the write, the written one without its record
	after    TEXT NOT NULL DEFAULT '',   -- JSON: the record that the write left
	revision TEXT NOT NULL DEFAULT '',   -- of it; '' where it is not known
	intent   INTEGER NOT NULL DEFAULT 0, -- conflict: the write without an answer that it belongs to
	restored TEXT NOT NULL DEFAULT ''    -- conflict: when its value was written back
) STRICT;
INSERT INTO new_journal SELECT id, run, side, item, op, before, patch, done, link, image, was, after, revision, intent, restored FROM journal;
DROP TABLE journal;
ALTER TABLE new_journal RENAME TO journal;
CREATE INDEX journal_run ON journal (run);
CREATE INDEX journal_item ON journal (item);

-- They go on behind what is remembered of rows that are gone.
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence (name, seq) VALUES
	('links', (SELECT max(n) FROM (SELECT 0 AS n UNION ALL SELECT id FROM links UNION ALL SELECT link FROM journal UNION ALL SELECT link FROM intents))),
	('intents', (SELECT max(n) FROM (SELECT 0 AS n UNION ALL SELECT id FROM intents UNION ALL SELECT intent FROM journal))),
	('runs', (SELECT max(n) FROM (SELECT 0 AS n UNION ALL SELECT id FROM runs UNION ALL SELECT undoes FROM runs UNION ALL SELECT run FROM intents))),
	('journal', (SELECT max(n) FROM (SELECT 0 AS n UNION ALL SELECT id FROM journal UNION ALL SELECT journal FROM intents
		UNION ALL SELECT CAST(value AS INTEGER) FROM settings WHERE name LIKE 'heard:%')));
