-- When somebody last changed an item: by the clock of its service, where that tells it, and by ours.
ALTER TABLE items ADD COLUMN edited TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN noticed TEXT NOT NULL DEFAULT '';

-- Versions that lost a conflict and become items of their own before they give way.
CREATE TABLE copies (
	pair TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	link INTEGER NOT NULL REFERENCES links (id) ON DELETE CASCADE,
	key  TEXT NOT NULL,
	item TEXT NOT NULL DEFAULT '',       -- on the right; '' until it is there
	PRIMARY KEY (link, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX copies_of ON copies (pair, item);

ALTER TABLE intents ADD COLUMN copy TEXT NOT NULL DEFAULT '';        -- create: the key of the version that it makes
ALTER TABLE journal ADD COLUMN intent INTEGER NOT NULL DEFAULT 0;    -- conflict: the write without an answer that it belongs to
ALTER TABLE journal ADD COLUMN restored TEXT NOT NULL DEFAULT '';    -- conflict: when its value was written back
