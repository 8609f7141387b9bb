-- name: list-accounts
SELECT name, service, settings FROM accounts ORDER BY name

-- name: store-account
INSERT INTO accounts (name, service, settings) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET service = excluded.service, settings = excluded.settings

-- name: delete-account
DELETE FROM accounts WHERE name = ?

-- name: list-pairs
SELECT body, stop, success FROM pairs ORDER BY position

-- name: store-pair
INSERT INTO pairs (id, position, body) VALUES (?, (SELECT count(*) + coalesce(max(position), 0) FROM pairs), ?)
ON CONFLICT (id) DO UPDATE SET body = excluded.body

-- name: get-pair
SELECT body, position FROM pairs WHERE id = ?

-- name: insert-pair
INSERT INTO pairs (id, position, body) VALUES (?, ?, ?)

-- name: delete-pair
DELETE FROM pairs WHERE id = ?

-- name: forget-pair
DELETE FROM settings WHERE name IN ('deep:' || ?1, 'compared:' || ?1, 'others:' || ?1, 'held:' || ?1,
	'heard:' || ?1 || ':left', 'heard:' || ?1 || ':right', 'window:' || ?1, 'rules:' || ?1)

-- name: forget-account
DELETE FROM settings WHERE name = 'later:' || ?

-- name: stop-pair
UPDATE pairs SET stop = ? WHERE id = ?

-- name: succeed-pair
UPDATE pairs SET success = ?, stop = '' WHERE id = ?

-- name: dirty-all
UPDATE items SET dirty = 1 WHERE pair = ?

-- name: dirty-problems
UPDATE items SET dirty = 1
WHERE pair = ?1 AND EXISTS (SELECT 1 FROM problems p WHERE p.pair = ?1 AND p.side = items.side AND p.item = items.id)

-- name: get-cursor
SELECT value, fields, generation, listing, began FROM cursors WHERE pair = ? AND side = ?

-- name: store-cursor
INSERT INTO cursors (pair, side, value, fields, generation, listing, began) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (pair, side) DO UPDATE SET value = excluded.value, fields = excluded.fields,
	generation = excluded.generation, listing = excluded.listing, began = excluded.began

-- name: reset-cursor
UPDATE cursors SET value = '', listing = 0 WHERE pair = ? AND side = ?

-- name: store-item
INSERT INTO items (pair, side, id, grp, slot, revision, self, mark, modified, record, presence, title, generation, first_seen, noticed, edited, dirty)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?9, 1)
ON CONFLICT (pair, side, id) DO UPDATE SET
	dirty = items.dirty OR items.record <> excluded.record OR items.presence <> excluded.presence
		OR (items.mark <> excluded.mark AND NOT EXISTS (SELECT 1 FROM links l WHERE l.pair = items.pair
			AND CASE items.side WHEN 0 THEN l.left_id ELSE l.right_id END = items.id)),
	grp = excluded.grp, slot = excluded.slot, revision = excluded.revision, self = excluded.self, mark = excluded.mark,
	modified = excluded.modified, record = excluded.record, presence = excluded.presence, title = excluded.title,
	generation = excluded.generation,
	edited = CASE WHEN items.record = excluded.record THEN items.edited WHEN excluded.modified > items.modified THEN excluded.modified ELSE '' END,
	noticed = CASE WHEN items.record = excluded.record THEN items.noticed ELSE excluded.noticed END

-- name: get-times
SELECT edited, noticed FROM items WHERE pair = ? AND side = ? AND id = ?

-- name: keep-times
UPDATE items SET edited = ?, noticed = ? WHERE pair = ? AND side = ? AND id = ?

-- name: skip-item
UPDATE items SET dirty = dirty OR presence <> ?1, presence = ?1, title = ?2, generation = ?3
WHERE pair = ?4 AND side = ?5 AND id = ?6

-- name: item-gone
UPDATE items SET dirty = dirty OR presence <> ?1, presence = ?1 WHERE pair = ?2 AND side = ?3 AND (id = ?4 OR grp = ?5)

-- name: group-skipped
UPDATE items SET dirty = dirty OR presence <> ?1, presence = ?1, generation = ?2
WHERE pair = ?3 AND side = ?4 AND grp = ?5 AND id <> ?5 AND presence <> 'gone'

-- name: group-gone
UPDATE items SET dirty = 1, presence = ?1
WHERE pair = ?2 AND side = ?3 AND grp = ?4 AND presence <> ?1
	AND (slot = '' OR slot >= ?5 AND (?6 = '' OR slot < ?6)
		OR NOT EXISTS (SELECT 1 FROM links l WHERE l.pair = ?2 AND CASE ?3 WHEN 0 THEN l.left_id ELSE l.right_id END = items.id)
			AND NOT EXISTS (SELECT 1 FROM intents n WHERE n.pair = ?2 AND n.side <> ?3 AND n.source = items.id))
	AND id NOT IN (SELECT value FROM json_each(?7))

-- name: group-beyond
UPDATE items SET generation = ?1
WHERE pair = ?2 AND side = ?3 AND grp = ?4 AND slot <> '' AND (slot < ?5 OR ?6 <> '' AND slot >= ?6)

-- name: group-stayed
SELECT i.slot, i.record FROM items i
WHERE i.pair = ?1 AND i.side = ?2 AND i.grp = ?3 AND i.presence <> 'gone'
	AND EXISTS (SELECT 1 FROM links l WHERE l.pair = ?1 AND CASE ?2 WHEN 0 THEN l.left_id ELSE l.right_id END = i.id)

-- name: absent
UPDATE items SET dirty = 1, presence = ?1
WHERE pair = ?2 AND side = ?3 AND generation < ?4 AND presence NOT IN ('gone', ?1)

-- name: count-items
SELECT count(DISTINCT grp), coalesce(sum(generation = ?), 0) FROM items WHERE pair = ? AND side = ? AND presence IN ('present', 'skipped')

-- name: gone-elsewhere
UPDATE items SET dirty = 1, presence = 'gone'
WHERE side = ?2 AND id = ?3 AND presence <> 'gone' AND pair IN (
	SELECT p.id FROM pairs p JOIN pairs o ON o.id = ?1
	WHERE p.id <> o.id AND json_extract(p.body, '$.kind') = json_extract(o.body, '$.kind')
		AND json_extract(p.body, '$.ends[' || ?2 || '].account') = json_extract(o.body, '$.ends[' || ?2 || '].account')
		AND json_extract(p.body, '$.ends[' || ?2 || '].ref') = json_extract(o.body, '$.ends[' || ?2 || '].ref'))

-- name: just-deleted
SELECT j.item FROM runs r JOIN pairs p ON p.id = r.pair JOIN pairs o ON o.id = ?1 JOIN journal j ON j.run = r.id
WHERE j.side = ?2 AND j.op = 'delete' AND j.done = 1 AND CASE r.ended WHEN '' THEN r.began ELSE r.ended END >= ?3
	AND NOT EXISTS (SELECT 1 FROM journal n WHERE n.item = j.item AND n.side = j.side AND n.id > j.id AND n.op IN ('create', 'restore'))
	AND json_extract(p.body, '$.ends[' || ?2 || '].account') = json_extract(o.body, '$.ends[' || ?2 || '].account')
	AND json_extract(p.body, '$.ends[' || ?2 || '].ref') = json_extract(o.body, '$.ends[' || ?2 || '].ref')

-- name: linked-elsewhere
SELECT EXISTS (SELECT 1 FROM links l JOIN pairs p ON p.id = l.pair JOIN pairs o ON o.id = ?1
	WHERE p.id <> o.id AND CASE ?2 WHEN 0 THEN l.left_id ELSE l.right_id END = ?3
		AND json_extract(p.body, '$.ends[' || ?2 || '].account') = json_extract(o.body, '$.ends[' || ?2 || '].account')
		AND json_extract(p.body, '$.ends[' || ?2 || '].ref') = json_extract(o.body, '$.ends[' || ?2 || '].ref'))

-- name: delete-item
DELETE FROM items WHERE pair = ? AND side = ? AND id = ?

-- name: clear-problems
DELETE FROM problems WHERE pair = ? AND side = ? AND item = ?

-- name: store-problem
INSERT OR IGNORE INTO problems (pair, side, item, code, field) VALUES (?, ?, ?, ?, ?)

-- name: dirty-coded
UPDATE items SET dirty = 1
WHERE pair = ?1 AND EXISTS (SELECT 1 FROM problems p WHERE p.pair = ?1 AND p.side = items.side AND p.item = items.id AND p.code IN (?2, ?3))

-- name: list-problems
SELECT p.side, p.item, p.code, p.field, coalesce(i.title, ''), coalesce(i.record, '')
FROM problems p LEFT JOIN items i ON i.pair = p.pair AND i.side = p.side AND i.id = p.item
WHERE p.pair = ? ORDER BY p.side, p.item, p.code, p.field

-- name: count-problems
SELECT code, count(*) FROM problems WHERE pair = ? GROUP BY code

-- name: dirty-links
SELECT k.id, k.left_id, k.right_id, k.left_base, k.right_base, k.held FROM links k
WHERE k.id IN (
	SELECT l.id FROM items i JOIN links l ON l.pair = i.pair AND l.left_id = i.id WHERE i.pair = ?1 AND i.side = 0 AND i.dirty
	UNION
	SELECT l.id FROM items i JOIN links l ON l.pair = i.pair AND l.right_id = i.id WHERE i.pair = ?1 AND i.side = 1 AND i.dirty)
ORDER BY k.id

-- name: all-links
SELECT id, left_id, right_id, left_base, right_base, held FROM links WHERE pair = ? ORDER BY id

-- name: count-links
SELECT count(DISTINCT a.grp), count(DISTINCT b.grp) FROM links l
LEFT JOIN items a ON a.pair = l.pair AND a.side = 0 AND a.id = l.left_id
LEFT JOIN items b ON b.pair = l.pair AND b.side = 1 AND b.id = l.right_id
WHERE l.pair = ? AND l.held = ''

-- name: get-item
SELECT i.id, i.grp, i.slot, i.revision, i.self, i.mark, i.modified, i.record, i.presence, i.first_seen, i.dirty, i.edited, i.noticed FROM items i
WHERE i.pair = ? AND i.side = ? AND i.id = ?

-- name: get-record
SELECT record FROM items WHERE pair = ? AND side = ? AND id = ?

-- name: any-unlinked-dirty
SELECT EXISTS (SELECT 1 FROM items i WHERE i.pair = ?1 AND i.side = 0 AND i.dirty
		AND NOT EXISTS (SELECT 1 FROM links l WHERE l.pair = ?1 AND l.left_id = i.id))
	OR EXISTS (SELECT 1 FROM items i WHERE i.pair = ?1 AND i.side = 1 AND i.dirty
		AND NOT EXISTS (SELECT 1 FROM links l WHERE l.pair = ?1 AND l.right_id = i.id))

-- name: unlinked-left
SELECT i.id, i.grp, i.slot, i.revision, i.self, i.mark, i.modified, i.record, i.presence, i.first_seen, i.dirty, i.edited, i.noticed FROM items i
WHERE i.pair = ?1 AND i.side = 0 AND NOT EXISTS (SELECT 1 FROM links l WHERE l.pair = ?1 AND l.left_id = i.id)
ORDER BY i.id

-- name: unlinked-right
SELECT i.id, i.grp, i.slot, i.revision, i.self, i.mark, i.modified, i.record, i.presence, i.first_seen, i.dirty, i.edited, i.noticed FROM items i
WHERE i.pair = ?1 AND i.side = 1 AND NOT EXISTS (SELECT 1 FROM links l WHERE l.pair = ?1 AND l.right_id = i.id)
ORDER BY i.id

-- name: foreign
SELECT l.left_id FROM links l JOIN pairs p ON p.id = l.pair
WHERE l.pair <> ?1 AND l.origin = 'right'
	AND json_extract(p.body, '$.ends[0].account') = ?2 AND json_extract(p.body, '$.ends[0].ref') = ?3

-- name: standing-left
SELECT i.presence, l.id IS NOT NULL AND o.presence = 'present' FROM items i
LEFT JOIN links l ON l.pair = i.pair AND l.left_id = i.id
LEFT JOIN items o ON o.pair = i.pair AND o.side = 1 AND o.id = l.right_id
WHERE i.pair = ? AND i.side = 0 AND i.self = ? AND i.presence <> 'gone'

-- name: standing-right
SELECT i.presence, l.id IS NOT NULL AND o.presence = 'present' FROM items i
LEFT JOIN links l ON l.pair = i.pair AND l.right_id = i.id
LEFT JOIN items o ON o.pair = i.pair AND o.side = 0 AND o.id = l.left_id
WHERE i.pair = ? AND i.side = 1 AND i.self = ? AND i.presence <> 'gone'

-- name: insert-link
INSERT INTO links (pair, left_id, right_id, left_base, right_base, origin) VALUES (?, ?, ?, ?, ?, ?)

-- name: get-link
SELECT left_id, right_id, left_base, right_base, held FROM links WHERE id = ?

-- name: store-link
UPDATE links SET left_id = ?, right_id = ?, left_base = ?, right_base = ?, held = '' WHERE id = ?

-- name: hold-link
UPDATE links SET held = ? WHERE id = ?

-- name: delete-link
DELETE FROM links WHERE id = ?

-- name: move-link-left
UPDATE links SET left_id = ? WHERE id = ?

-- name: move-link-right
UPDATE links SET right_id = ? WHERE id = ?

-- name: link-of-left
SELECT id FROM links WHERE pair = ? AND left_id = ?

-- name: link-of-right
SELECT id FROM links WHERE pair = ? AND right_id = ?

-- name: list-links
SELECT id, left_id, right_id, held FROM links WHERE pair = ? ORDER BY id

-- name: clean-item
UPDATE items SET dirty = 0 WHERE pair = ? AND side = ? AND id = ?

-- name: dirty-item
UPDATE items SET dirty = 1 WHERE pair = ? AND side = ? AND id = ?

-- name: insert-intent
INSERT INTO intents (pair, run, side, op, item, source, link, mark, patch, agree, sent, journal, copy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: delete-intent
DELETE FROM intents WHERE id = ?

-- name: open-intents
SELECT n.id, n.pair, n.side, n.op, n.item, n.source, n.link, n.mark, n.patch, n.agree, n.sent, n.journal,
	coalesce((SELECT r.undoes FROM runs r WHERE r.id = n.run), 0) <> 0, n.copy
FROM intents n WHERE n.pair = ? ORDER BY n.id

-- name: open-elsewhere
SELECT n.id, n.pair, n.side, n.op, n.item, n.source, n.link, n.mark, n.patch, n.agree, n.sent, n.journal, 0, n.copy FROM intents n JOIN pairs p ON p.id = n.pair
WHERE n.pair <> ?1 AND n.side = 0 AND n.op = 'create'
	AND json_extract(p.body, '$.ends[0].account') = ?2 AND json_extract(p.body, '$.ends[0].ref') = ?3
ORDER BY n.id

-- name: late-intent
UPDATE intents SET sent = ? WHERE id = ?

-- name: rewind-intents
UPDATE intents SET sent = ?1 WHERE sent > ?1

-- name: insert-run
INSERT INTO runs (pair, began, undoes) VALUES (?, ?, ?)

-- name: end-run
UPDATE runs SET ended = ?, outcome = ?, report = ? WHERE id = ?

-- name: list-runs
SELECT r.id, r.pair, r.began, r.ended, r.outcome, r.report, r.undoes,
	coalesce((SELECT max(u.id) FROM runs u WHERE u.undoes = r.id AND EXISTS (SELECT 1 FROM journal w WHERE w.run = u.id)), 0),
	EXISTS (SELECT 1 FROM journal j WHERE j.run = r.id AND j.op <> 'conflict')
FROM runs r ORDER BY r.id DESC LIMIT ?

-- name: last-runs
SELECT id, outcome, report FROM runs WHERE pair = ?1 AND ended <> '' AND (outcome <> 'failed' OR CASE json_valid(report) WHEN 1 THEN json_extract(report, '$.failure') IS NOT NULL END)
ORDER BY id DESC LIMIT ?2

-- name: forget-runs
DELETE FROM runs WHERE CASE ended WHEN '' THEN began ELSE ended END < ?
	AND NOT (undoes <> 0 AND EXISTS (SELECT 1 FROM intents n WHERE n.run = runs.id))

-- name: insert-journal
INSERT INTO journal (run, side, item, op, before, patch, done, link, was) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: done-journal
UPDATE journal SET done = 1, item = ?, after = ?, revision = ? WHERE id = ?

-- name: arrived-journal
UPDATE journal SET done = 1 WHERE id = ?

-- name: delete-journal
DELETE FROM journal WHERE id = ?

-- name: insert-conflict
INSERT INTO journal (run, side, item, op, before, patch, done, intent) VALUES (?, ?, ?, 'conflict', ?, ?, 0, ?)

-- name: done-conflicts
UPDATE journal SET done = 1, intent = 0 WHERE op = 'conflict' AND intent = ?

-- name: delete-conflicts
DELETE FROM journal WHERE op = 'conflict' AND intent = ?

-- name: list-conflicts
SELECT j.id, r.pair, j.run, r.began, j.side, j.item, j.before, j.patch, j.restored, coalesce(i.title, ''), coalesce(i.record, '')
FROM journal j JOIN runs r ON r.id = j.run LEFT JOIN items i ON i.pair = r.pair AND i.side = j.side AND i.id = j.item
WHERE j.op = 'conflict' AND j.done = 1 AND (?1 = '' OR r.pair = ?1) AND r.began >= ?2 ORDER BY j.id DESC

-- name: restored-conflict
UPDATE journal SET restored = ? WHERE op = 'conflict' AND id = ?

-- name: find-image
SELECT id FROM images WHERE run = ? AND side = ? AND grp = ? AND raw = ?

-- name: insert-image
INSERT INTO images (run, side, grp, raw) VALUES (?, ?, ?, ?)

-- name: image-journal
UPDATE journal SET image = ? WHERE id = ?

-- name: list-journal
SELECT j.side, j.item, j.op, j.before, coalesce(m.raw, x''), j.patch, j.done, j.link, j.was, j.after, j.revision
FROM journal j LEFT JOIN images m ON m.id = j.image WHERE j.run = ? ORDER BY j.id

-- name: quick-check
PRAGMA quick_check

-- name: get-setting
SELECT value FROM settings WHERE name = ?

-- name: store-setting
INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: list-copies
SELECT c.link, c.key, c.item, c.item <> '' AND (EXISTS (SELECT 1 FROM links l WHERE l.pair = c.pair AND l.right_id = c.item)
	OR NOT EXISTS (SELECT 1 FROM items i WHERE i.pair = c.pair AND i.side = 1 AND i.id = c.item AND i.presence <> 'gone')),
	coalesce((SELECT i.record FROM items i WHERE i.pair = c.pair AND i.side = 1 AND i.id = c.item AND i.presence = 'present'), '')
FROM copies c WHERE c.pair = ? ORDER BY c.link, c.key

-- name: store-copy
INSERT OR IGNORE INTO copies (pair, link, key) VALUES (?, ?, ?)

-- name: made-copy
UPDATE copies SET item = ? WHERE link = ? AND key = ?

-- name: delete-copies
DELETE FROM copies WHERE link = ?1 AND (item = '' OR EXISTS (SELECT 1 FROM links l WHERE l.pair = copies.pair AND l.right_id = copies.item)
	OR NOT EXISTS (SELECT 1 FROM items i WHERE i.pair = copies.pair AND i.side = 1 AND i.id = copies.item AND i.presence <> 'gone'))

-- name: store-question
INSERT INTO questions (pair, id, body, stops, asked)
VALUES (?1, ?2, ?3, ?4, coalesce((SELECT max(began) FROM runs WHERE pair = ?1), ''))
ON CONFLICT (pair, id) DO UPDATE SET body = excluded.body, stops = excluded.stops, closed = '',
	asked = CASE closed WHEN '' THEN asked ELSE excluded.asked END,
	answer = CASE closed WHEN '' THEN answer ELSE '' END,
	answered = CASE closed WHEN '' THEN answered ELSE '' END

-- name: store-question-item
INSERT OR IGNORE INTO question_items (pair, side, item, question) VALUES (?, ?, ?, ?)

-- name: close-with-item
UPDATE questions SET closed = coalesce((SELECT max(began) FROM runs WHERE pair = ?1), '-')
WHERE pair = ?1 AND closed = '' AND id NOT IN (SELECT value FROM json_each(?4))
	AND id IN (SELECT question FROM question_items WHERE pair = ?1 AND side = ?2 AND item = ?3)
	AND NOT EXISTS (SELECT 1 FROM question_items o WHERE o.pair = ?1 AND o.question = questions.id AND NOT (o.side = ?2 AND o.item = ?3))

-- name: release-item
DELETE FROM question_items WHERE pair = ?1 AND side = ?2 AND item = ?3 AND question NOT IN (SELECT value FROM json_each(?4))

-- name: close-stops
UPDATE questions SET closed = coalesce((SELECT max(began) FROM runs WHERE pair = ?1), '-')
WHERE pair = ?1 AND stops = 1 AND closed = '' AND id <> ?2 AND (?3 OR answer IN ('', 'later'))

-- name: release-closed
DELETE FROM question_items WHERE pair = ?1 AND question IN (SELECT id FROM questions WHERE pair = ?1 AND closed <> '')

-- name: list-questions
SELECT pair, body, stops, asked, answer, answered FROM questions WHERE closed = '' AND (?1 = '' OR pair = ?1) ORDER BY pair, stops DESC, asked, id

-- name: waiting-items
SELECT question, side, item FROM question_items WHERE pair = ? ORDER BY side, item

-- name: answer-question
UPDATE questions SET answer = ?, answered = ? WHERE pair = ? AND id = ? AND closed = ''

-- name: dirty-asked
UPDATE items SET dirty = 1
WHERE pair = ?1 AND EXISTS (SELECT 1 FROM question_items q WHERE q.pair = ?1 AND q.side = items.side AND q.item = items.id AND q.question = ?2)

-- name: dirty-answered
UPDATE items SET dirty = 1
WHERE pair = ?1 AND EXISTS (SELECT 1 FROM question_items i JOIN questions q ON q.pair = i.pair AND q.id = i.question
	WHERE i.pair = ?1 AND i.side = items.side AND i.item = items.id AND q.closed = ''
	AND q.answered >= coalesce((SELECT max(began) FROM runs WHERE pair = ?1 AND id < ?2), '') AND q.answer <> '')

-- name: store-replaced
INSERT OR REPLACE INTO replaced (pair, side, item, link) VALUES (?, ?, ?, ?)

-- name: list-replaced
SELECT item FROM replaced WHERE pair = ? AND side = ?

-- name: list-written
SELECT j.patch, r.began FROM journal j JOIN runs r ON r.id = j.run
WHERE r.pair = ? AND j.side = ? AND j.item = ? AND j.op = 'update' AND j.done = 1 AND r.began >= ? ORDER BY j.id

-- name: forget-questions
DELETE FROM questions WHERE closed <> '' AND closed < ?

-- name: item-rests
UPDATE items SET presence = ? WHERE pair = ? AND side = ? AND id = ?

-- name: here
SELECT presence = 'present' FROM items WHERE pair = ? AND side = ? AND id = ?

-- name: link-origin
SELECT origin FROM links WHERE id = ?

-- name: list-origins
SELECT id, origin FROM links WHERE pair = ?

-- name: list-left
SELECT j.item, j.op, j.revision, CASE WHEN j.was = '' THEN '' ELSE coalesce(json_extract(j.was, '$.Items[' || j.side || '].Revision'), '') END,
	r.undoes <> 0
FROM journal j JOIN runs r ON r.id = j.run
WHERE r.pair = ? AND j.side = ? AND j.done = 1 AND j.op <> 'conflict' ORDER BY j.id

-- name: insert-resting-link
INSERT INTO links (pair, left_id, right_id, left_base, right_base, origin, held) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: forget-bases
UPDATE links SET left_base = '{}', right_base = '{}' WHERE id = ?

-- name: link-again
UPDATE links SET left_base = '{}', right_base = '{}'
WHERE pair = ?1 AND held = ?2 AND (
	SELECT count(*) FROM items i WHERE i.pair = ?1 AND i.presence = 'present'
		AND (i.side = 0 AND i.id = links.left_id OR i.side = 1 AND i.id = links.right_id)) = 1

-- name: dirty-held
UPDATE items SET dirty = 1
WHERE pair = ?1 AND EXISTS (SELECT 1 FROM links l WHERE l.pair = ?1 AND l.held = ?2
	AND (items.side = 0 AND l.left_id = items.id OR items.side = 1 AND l.right_id = items.id))

-- name: list-made
SELECT DISTINCT i.grp FROM journal j JOIN runs r ON r.id = j.run
	JOIN items i ON i.pair = r.pair AND i.side = j.side AND i.id = j.item AND i.presence IN ('present', 'skipped')
WHERE r.pair = ? AND j.side = ? AND j.op IN ('create', 'restore') AND j.done = 1 AND j.id > ? ORDER BY i.grp

-- name: last-journal
SELECT coalesce(max(id), 0) FROM journal
