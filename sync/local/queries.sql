-- name: tick
UPDATE clock SET change = change + 1 RETURNING change

-- name: add-writer
INSERT INTO writers (since, name) SELECT change, ? FROM clock WHERE true
ON CONFLICT (since) DO UPDATE SET name = excluded.name

-- name: writer-of
SELECT name FROM writers WHERE since < ? ORDER BY since DESC LIMIT 1

-- name: list-collections
SELECT c.id, c.home, c.name, c.components, c.change, c.oldest,
	(SELECT w.name FROM writers w WHERE w.since < c.change ORDER BY w.since DESC LIMIT 1)
FROM collections c WHERE c.home = ? ORDER BY c.id

-- name: get-collection
SELECT c.id, c.home, c.name, c.components, c.change, c.oldest,
	(SELECT w.name FROM writers w WHERE w.since < c.change ORDER BY w.since DESC LIMIT 1)
FROM collections c WHERE c.home = ? AND c.name = ?

-- name: make-collection
INSERT INTO collections (home, name, components, change, oldest) VALUES (?, ?, ?, ?, ?)

-- name: delete-collection
DELETE FROM collections WHERE id = ?

-- name: list-properties
SELECT space, name, value FROM properties WHERE collection = ? ORDER BY space, name

-- name: store-property
INSERT INTO properties (collection, space, name, value) VALUES (?, ?, ?, ?)
ON CONFLICT (collection, space, name) DO UPDATE SET value = excluded.value

-- name: delete-property
DELETE FROM properties WHERE collection = ? AND space = ? AND name = ?

-- name: list-objects
SELECT name, uid, component, change, etag, modified, size FROM objects WHERE collection = ? ORDER BY id

-- name: get-object
SELECT name, uid, component, change, etag, modified, size, body FROM objects WHERE collection = ? AND name = ?

-- name: name-of-uid
SELECT name FROM objects WHERE collection = ? AND uid = ?

-- name: store-object
INSERT INTO objects (collection, name, uid, component, change, etag, modified, size, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (collection, name) DO UPDATE SET uid = excluded.uid, component = excluded.component, change = excluded.change,
	etag = excluded.etag, modified = excluded.modified, size = excluded.size, body = excluded.body

-- name: delete-object
DELETE FROM objects WHERE collection = ? AND name = ?

-- name: touch-collection
UPDATE collections SET change = ? WHERE id = ?

-- name: store-deletion
INSERT INTO deletions (collection, name, change) VALUES (?, ?, ?)
ON CONFLICT (collection, name) DO UPDATE SET change = excluded.change

-- name: drop-deletion
DELETE FROM deletions WHERE collection = ? AND name = ?

-- name: deletion-to-forget
SELECT change FROM deletions WHERE collection = ? ORDER BY change DESC LIMIT 1 OFFSET ?

-- name: forget-deletions
DELETE FROM deletions WHERE collection = ? AND change <= ?

-- name: raise-oldest
UPDATE collections SET oldest = ? WHERE id = ?

-- name: list-changes
SELECT name, etag, change, 0 FROM objects WHERE collection = ?1 AND change > ?2
UNION ALL
SELECT name, '', change, 1 FROM deletions WHERE collection = ?1 AND change > ?3
ORDER BY 3 LIMIT ?4
