CREATE TABLE questions (
	pair     TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	id       TEXT NOT NULL,
	body     TEXT NOT NULL,              -- JSON: ids and counts, nothing that a person wrote
	stops    INTEGER NOT NULL,           -- 1: the pair waits for the answer; 0: only its items do
	asked    TEXT NOT NULL,              -- when the run began that asked first
	answer   TEXT NOT NULL DEFAULT '',
	answered TEXT NOT NULL DEFAULT '',
	closed   TEXT NOT NULL DEFAULT '',   -- when the run began that settled it, or that no longer found its cause
	PRIMARY KEY (pair, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX questions_open ON questions (pair) WHERE closed = '';

-- The items that wait for an answer, or for it to be carried out.
CREATE TABLE question_items (
	pair     TEXT NOT NULL,
	side     INTEGER NOT NULL,
	item     TEXT NOT NULL,
	question TEXT NOT NULL,
	PRIMARY KEY (pair, side, item, question),
	FOREIGN KEY (pair, question) REFERENCES questions (pair, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX question_items_of ON question_items (pair, question);

-- Items in whose place another one was made while they were gone. Should they come back, they are no new ones.
CREATE TABLE replaced (
	pair TEXT NOT NULL REFERENCES pairs (id) ON DELETE CASCADE,
	side INTEGER NOT NULL,
	item TEXT NOT NULL,
	link INTEGER NOT NULL REFERENCES links (id) ON DELETE CASCADE,
	PRIMARY KEY (pair, side, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX replaced_link ON replaced (link);

CREATE INDEX journal_item ON journal (item);
