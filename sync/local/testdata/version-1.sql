-- One number for every change of anything, never given out twice: collections that are deleted and made again under
-- the same name do not begin anew.
CREATE TABLE clock (
	change INTEGER NOT NULL
) STRICT;
INSERT INTO clock (change) VALUES (0);

-- Who made the changes after a number: a random name for each time that the server was opened and wrote something. A
-- file that came back from a backup counts on from an old number, but under a name that no token of later days has.
CREATE TABLE writers (
	since INTEGER PRIMARY KEY,
	name  TEXT NOT NULL
) STRICT;

CREATE TABLE collections (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	home       TEXT NOT NULL,            -- 'calendars' or 'contacts'
	name       TEXT NOT NULL,            -- the last segment of its path
	components TEXT NOT NULL,            -- 'VEVENT VTODO'; '' in an address book
	change     INTEGER NOT NULL,         -- the last one inside it
	oldest     INTEGER NOT NULL,         -- deletions up to this one are forgotten
	UNIQUE (home, name)
) STRICT;

-- Display name, colour, and whatever else a client wants to be kept with a collection.
CREATE TABLE properties (
	collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
	space      TEXT NOT NULL,
	name       TEXT NOT NULL,
	value      TEXT NOT NULL,            -- what stands inside the element, as XML
	PRIMARY KEY (collection, space, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE objects (
	id         INTEGER PRIMARY KEY,
	collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
	name       TEXT NOT NULL,
	uid        TEXT NOT NULL,
	component  TEXT NOT NULL,            -- VEVENT, VTODO, VJOURNAL or VCARD
	change     INTEGER NOT NULL,
	etag       TEXT NOT NULL,
	modified   INTEGER NOT NULL,         -- Unix seconds
	size       INTEGER NOT NULL,
	body       BLOB NOT NULL,            -- byte for byte as it was sent
	UNIQUE (collection, name),
	UNIQUE (collection, uid)
) STRICT;
CREATE INDEX objects_change ON objects (collection, change);

CREATE TABLE deletions (
	collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
	name       TEXT NOT NULL,
	change     INTEGER NOT NULL,
	PRIMARY KEY (collection, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX deletions_change ON deletions (collection, change);
INSERT INTO writers (since, name) VALUES (0, 'WRITER');
UPDATE clock SET change = 4;
INSERT INTO collections (id, home, name, components, change, oldest) VALUES (1, 'contacts', 'people', '', 4, 1);
INSERT INTO properties (collection, space, name, value) VALUES (1, 'DAV:', 'displayname', 'People');
INSERT INTO objects (collection, name, uid, component, change, etag, modified, size, body)
	VALUES (1, 'ada.vcf', 'ada', 'VCARD', 3, '"3-x"', 1767225600, 66, CAST('BEGIN:VCARD' || char(13, 10) || 'VERSION:3.0' || char(13, 10) || 'UID:ada' || char(13, 10)
	|| 'FN:Ada' || char(13, 10) || 'END:VCARD' || char(13, 10) AS BLOB));
INSERT INTO deletions (collection, name, change) VALUES (1, 'bob.vcf', 4);
PRAGMA user_version = 1;
