-- Before-images stand beside the journal: what several entries of a run have in common is kept once.
CREATE TABLE images (
	id   INTEGER PRIMARY KEY,
	run  INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
	side INTEGER NOT NULL,
	grp  TEXT NOT NULL,                  -- the object
	raw  BLOB NOT NULL                   -- as the service held it
) STRICT;
CREATE INDEX images_group ON images (run, side, grp);

ALTER TABLE journal ADD COLUMN link INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN image INTEGER NOT NULL DEFAULT 0;    -- 0: none
ALTER TABLE journal ADD COLUMN was TEXT NOT NULL DEFAULT '';        -- JSON: both items before the write, the written one without its record
ALTER TABLE journal ADD COLUMN after TEXT NOT NULL DEFAULT '';      -- JSON: the record that the write left
ALTER TABLE journal ADD COLUMN revision TEXT NOT NULL DEFAULT '';   -- of it; '' where it is not known

INSERT INTO images (id, run, side, grp, raw) SELECT id, run, side, item, raw FROM journal WHERE raw IS NOT NULL;
UPDATE journal SET image = id WHERE raw IS NOT NULL;
ALTER TABLE journal DROP COLUMN raw;

ALTER TABLE runs ADD COLUMN undoes INTEGER NOT NULL DEFAULT 0;      -- the run that this one takes back; 0: none
ALTER TABLE intents ADD COLUMN journal INTEGER NOT NULL DEFAULT 0;  -- its line of the journal
